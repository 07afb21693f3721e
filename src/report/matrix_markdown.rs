//! The kill matrix as a page of the documentation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::matrix::Matrix;

impl Matrix {
    /// The requirements that a caught defect breaks; those of the app name none.
    fn broken(&self) -> BTreeSet<&str> {
        let caught = self.rows.iter().filter(|row| row.is_caught());
        let named = caught.map(|row| row.breaks.as_str());
        named.filter(|breaks| !breaks.is_empty()).collect()
    }

    pub(super) fn markdown(&self) -> String {
        let mut text = format!(
            "# The kill matrix\n\nMade by `magespec selftest{} --format markdown` of magespec {} on {}, profile `{}`. Do not edit it: run the command again.\n\n\
             Each defect is a fault that the reference store or app shows on purpose, one at a time. It counts as caught when the case that names it fails for the reason that the defect gives, while a handshake still succeeds.\n\n\
             | | |\n|---|---|\n| defects | {} |\n| caught | {} |\n| cases of the suite | {} |\n| failed by the correct store | {} |\n| requirements with a caught defect | {} |\n",
            if self.whole { " --whole" } else { "" },
            self.magespec,
            self.day,
            self.profile,
            self.rows.len(),
            self.caught(),
            self.cases,
            self.tripped_on_correct.len(),
            self.broken().len(),
        );
        if self.whole {
            let (median, most) = self.noise();
            let _ = write!(
                text,
                "| failing cases per defect, median | {median} |\n| failing cases per defect, most | {most} |\n| cases that caught nothing | {} |\n| MUST and SECURITY cases among them | {} |\n",
                self.catches_nothing.len(),
                self.binding_without_a_catch.len(),
            );
        }
        text.push_str("\n## Defects\n\n| defect | what is wrong | the case that names it | failing cases | |\n|---|---|---|---|---|\n");
        for row in &self.rows {
            let verdict = if row.is_caught() {
                "caught"
            } else {
                "**missed**"
            };
            let failing = if self.whole {
                row.caught_by.len().to_string()
            } else {
                "–".to_owned()
            };
            let _ = writeln!(
                text,
                "| `{}` | {} | `{}` | {failing} | {verdict} |",
                row.id,
                row.statement.replace('|', "\\|"),
                row.named_case
            );
        }
        if self.whole {
            self.law(&mut text);
        }
        text
    }

    /// What each binding case catches, which catch nothing and why, and which always fall together.
    fn law(&self, text: &mut String) {
        text.push_str(
            "\n## What each MUST and SECURITY case catches\n\n\
             One defect of those that make the case fail: the one that makes the fewest fail.\n\n| case | catches |\n|---|---|\n",
        );
        for (case, defect) in &self.binding {
            let _ = writeln!(text, "| `{case}` | `{defect}` |");
        }
        text.push_str(
            "\n## MUST and SECURITY cases that catch nothing\n\n| case | why |\n|---|---|\n",
        );
        for (case, reason) in &self.excused {
            let _ = writeln!(text, "| `{case}` | {reason} |");
        }
        for case in &self.binding_without_a_catch {
            let _ = writeln!(text, "| `{case}` | **no reason** |");
        }
        text.push_str(
            "\n## Cases that always fail together\n\n\
             No defect tells the cases of a line apart. They try one rule at several places or with several values.\n\n",
        );
        for group in &self.together {
            let names: Vec<String> = group.iter().map(|id| format!("`{id}`")).collect();
            let _ = writeln!(text, "- {}", names.join(", "));
        }
    }
}
