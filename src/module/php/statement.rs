//! Statements: what each changes, and whether what follows is reached.

use php_ast::{Block, Expr, Stmt, StmtKind};

use super::trace::{Flow, Frame, MAX_LOOPS, Trace, join};
use super::value::Value;

impl Trace<'_, '_, '_, '_> {
    pub(super) fn block(&mut self, block: &Block<'_, '_>, frame: &mut Frame) -> Flow {
        self.statements(&block.stmts, frame)
    }

    fn statements(&mut self, list: &[Stmt<'_, '_>], frame: &mut Frame) -> Flow {
        for statement in list {
            let flow = self.statement(statement, frame);
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    fn statement(&mut self, statement: &Stmt<'_, '_>, frame: &mut Frame) -> Flow {
        if self.is_spent() {
            return Flow::End;
        }
        match &statement.kind {
            StmtKind::Expression(expression) => {
                let is_end = matches!(
                    expression.kind,
                    php_ast::ExprKind::Throw(_) | php_ast::ExprKind::Exit(_)
                );
                self.value(expression, frame);
                return if is_end { Flow::End } else { Flow::On };
            }
            StmtKind::Echo(list) => {
                for expression in &**list {
                    self.value(expression, frame);
                }
            }
            StmtKind::Return(expression) => {
                let value = expression.map_or(Value::Null, |value| self.value(value, frame));
                frame.returned = Some(match frame.returned.take() {
                    Some(before) => before.either(value),
                    None => value,
                });
                return Flow::End;
            }
            StmtKind::Throw(expression) => {
                self.value(expression, frame);
                return Flow::End;
            }
            StmtKind::Break(_) | StmtKind::Continue(_) => return Flow::Loop,
            StmtKind::Block(block) => return self.block(block, frame),
            StmtKind::If(condition) => {
                let mut ways = vec![(&condition.condition, condition.then_branch)];
                let more = condition.elseif_branches.iter();
                ways.extend(more.map(|way| (&way.condition, &way.body)));
                return self.ways(&ways, condition.else_branch, frame);
            }
            StmtKind::Foreach(each) => {
                let list = self.value(&each.expr, frame);
                let Value::List(list) = list else {
                    self.assign(&each.value, Value::Unknown, frame);
                    if let Some(key) = &each.key {
                        self.assign(key, Value::Unknown, frame);
                    }
                    return self.repeated(each.body, frame);
                };
                for (key, value) in list.into_iter().take(MAX_LOOPS) {
                    self.assign(&each.value, value, frame);
                    if let Some(target) = &each.key {
                        self.assign(target, key.into_value(), frame);
                    }
                    match self.statement(each.body, frame) {
                        Flow::End => return Flow::End,
                        Flow::On | Flow::Loop => {}
                    }
                }
            }
            StmtKind::While(repeat) => {
                self.value(&repeat.condition, frame);
                return self.repeated(repeat.body, frame);
            }
            StmtKind::DoWhile(repeat) => {
                let flow = self.repeated(repeat.body, frame);
                self.value(&repeat.condition, frame);
                return flow;
            }
            StmtKind::For(repeat) => {
                for expression in repeat.init.iter().chain(repeat.condition.iter()) {
                    self.value(expression, frame);
                }
                let flow = self.repeated(repeat.body, frame);
                for expression in &*repeat.update {
                    self.assign(expression, Value::Unknown, frame);
                    self.value(expression, frame);
                }
                return flow;
            }
            StmtKind::Switch(switch) => {
                self.value(&switch.expr, frame);
                let before = frame.clone();
                for case in &*switch.body.cases {
                    let mut way = before.clone();
                    self.statements(&case.body, &mut way);
                    join(frame, way);
                }
            }
            StmtKind::TryCatch(attempt) => {
                let before = frame.clone();
                let flow = self.block(attempt.body, frame);
                let mut all = flow;
                for catch in &*attempt.catches {
                    let mut way = before.clone();
                    way.returned.clone_from(&frame.returned);
                    let other = self.block(catch.body, &mut way);
                    match (all, other) {
                        (Flow::End, Flow::End) => frame.returned = way.returned,
                        (Flow::End, _) => {
                            *frame = way;
                            all = other;
                        }
                        (_, Flow::End) => frame.returned = way.returned,
                        _ => join(frame, way),
                    }
                }
                if let Some(finally) = attempt.finally
                    && self.block(finally, frame) == Flow::End
                {
                    return Flow::End;
                }
                return all;
            }
            StmtKind::Unset(list) => {
                for target in &**list {
                    self.assign(target, Value::Null, frame);
                }
            }
            StmtKind::StaticVar(list) => {
                for variable in &**list {
                    let name = variable.name.as_str().unwrap_or_default();
                    frame.locals.insert(name.to_owned(), Value::Unknown);
                }
            }
            _ => {}
        }
        Flow::On
    }

    /// One way after the other, until one is known to be taken.
    fn ways(
        &mut self,
        ways: &[(&Expr<'_, '_>, &Stmt<'_, '_>)],
        otherwise: Option<&Stmt<'_, '_>>,
        frame: &mut Frame,
    ) -> Flow {
        let Some(((condition, body), rest)) = ways.split_first() else {
            return otherwise.map_or(Flow::On, |body| self.statement(body, frame));
        };
        match self.value(condition, frame).truth() {
            Some(true) => self.statement(body, frame),
            Some(false) => self.ways(rest, otherwise, frame),
            None => {
                let mut other = frame.clone();
                let before = frame.properties();
                let flow = self.statement(body, frame);
                let after = frame.properties();
                frame.set_properties(before);
                other.returned.clone_from(&frame.returned);
                let other_flow = self.ways(rest, otherwise, &mut other);
                if flow == Flow::On {
                    frame.join_properties(after);
                }
                match (flow, other_flow) {
                    (Flow::On, Flow::On) => join(frame, other),
                    (Flow::On, _) => frame.returned = other.returned,
                    (_, Flow::On) => {
                        *frame = other;
                    }
                    (one, _) => {
                        frame.returned = other.returned;
                        return one;
                    }
                }
                Flow::On
            }
        }
    }

    /// The body of a loop, once: what it sets is not known, before it as behind it.
    fn repeated(&mut self, body: &Stmt<'_, '_>, frame: &mut Frame) -> Flow {
        let mut once = frame.clone();
        let marked = self.calls.len();
        let steps = self.steps;
        self.statement(body, &mut once);
        self.calls.truncate(marked);
        join(frame, once);
        self.steps = self.steps.max(steps);
        let mut again = frame.clone();
        self.statement(body, &mut again);
        join(frame, again);
        Flow::On
    }
}
