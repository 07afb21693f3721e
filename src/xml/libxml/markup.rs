//! The XML declaration, comments, processing instructions and CDATA sections.

use super::{Read, Scanner, Stop, is_allowed, is_blank};

const NOT_TERMINATED: &str = "Comment not terminated";

impl Scanner<'_> {
    pub(super) fn declaration(&mut self) -> Read {
        self.at = "<?xml".len();
        self.blanks();
        let version = match self.pseudo_attribute("version", Self::version)? {
            Some(version) if !version.is_empty() => version,
            _ => return Err(Stop::saying("Malformed declaration expecting version")),
        };
        if version != "1.0" {
            // Of 1.x it only warns.
            return Err(match version.strip_prefix("1.") {
                Some(_) => Stop::UNCERTAIN,
                None => Stop::saying(format!("Unsupported version '{version}'")),
            });
        }
        self.blank_or_end()?;
        self.blanks();
        if let Some(encoding) = self.pseudo_attribute("encoding", Self::encoding)?
            && !matches!(&*encoding.to_ascii_uppercase(), "UTF-8" | "UTF8" | "UTF-16")
        {
            self.blank_or_end()?;
        }
        self.blanks();
        self.pseudo_attribute("standalone", Self::standalone)?;
        self.blanks();
        if self.eat("?>") {
            return Ok(());
        }
        Err(Stop::saying("parsing XML declaration: '?>' expected"))
    }

    fn blank_or_end(&self) -> Read {
        if self.rest().starts_with(is_blank) || self.rest().starts_with("?>") {
            return Ok(());
        }
        Err(Stop::saying("Blank needed here"))
    }

    /// `name="value"` with a value of a given kind.
    fn pseudo_attribute(
        &mut self,
        name: &str,
        kind: impl Fn(&str) -> Read<usize>,
    ) -> Read<Option<String>> {
        if !self.eat(name) {
            return Ok(None);
        }
        self.blanks();
        if !self.eat("=") {
            return Err(Stop::saying("expected '='"));
        }
        self.blanks();
        let Some(quote @ ("\"" | "'")) = self.rest().get(..1) else {
            return Err(Stop::saying("String not started expecting ' or \""));
        };
        self.at += 1;
        let value = &self.rest()[..kind(self.rest())?];
        self.at += value.len();
        if !self.eat(quote) {
            return Err(Stop::saying("String not closed expecting \" or '"));
        }
        Ok(Some(value.to_owned()))
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "one signature for the three kinds of value"
    )]
    fn version(rest: &str) -> Read<usize> {
        let bytes = rest.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        Ok(match (is_digit(0), bytes.get(1)) {
            (false, _) => 0,
            (true, Some(b'.')) => (2..bytes.len())
                .find(|&at| !is_digit(at))
                .unwrap_or(bytes.len()),
            (true, _) => 1,
        })
    }

    fn encoding(rest: &str) -> Read<usize> {
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err(Stop::saying("Invalid XML encoding name"));
        }
        let fits =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
        Ok(rest.find(|letter| !fits(letter)).unwrap_or(rest.len()))
    }

    fn standalone(rest: &str) -> Read<usize> {
        if rest.starts_with("no") {
            Ok("no".len())
        } else if rest.starts_with("yes") {
            Ok("yes".len())
        } else {
            Err(Stop::saying("standalone accepts only 'yes' or 'no'"))
        }
    }

    /// Behind `<?`.
    pub(super) fn instruction(&mut self) -> Read {
        let Some(target) = self.name()? else {
            return Err(Stop::saying("xmlParsePI : no target name"));
        };
        if target == "xml" {
            return Err(Stop::saying(
                "XML declaration allowed only at the start of the document",
            ));
        }
        if target.eq_ignore_ascii_case("xml") {
            return Err(Stop::saying("Invalid PI name"));
        }
        let begins = target.get(..3).unwrap_or_default();
        if begins.eq_ignore_ascii_case("xml") {
            // It warns of most of these names.
            return Err(Stop::UNCERTAIN);
        }
        if target.contains(':') {
            return Err(Stop::saying(format!(
                "colons are forbidden from PI names '{target}'"
            )));
        }
        if self.eat("?>") {
            return Ok(());
        }
        if !self.blanks() {
            return Err(Stop::saying(format!("ParsePI: PI {target} space expected")));
        }
        while !self.eat("?>") {
            match self.character()? {
                Some(character) if is_allowed(character) => self.at += character.len_utf8(),
                _ => return Err(Stop::saying(format!("ParsePI: PI {target} never end ..."))),
            }
        }
        Ok(())
    }

    /// Behind `<!--`. What is ASCII is read by one function of libxml2, the rest from the first other character on by another, with
    /// another sentence.
    pub(super) fn comment(&mut self) -> Read {
        let start = self.at;
        while let Some(next) = self.rest().chars().next() {
            if self.eat("-->") {
                return Ok(());
            }
            if self.rest().starts_with("--") {
                let before = self.text[start..self.at].replace("\r\n", "\n");
                let quoted = &before[..before.len().min(50)];
                return Err(Stop::saying(if quoted.is_empty() {
                    "Double hyphen within comment".to_owned()
                } else {
                    format!("Double hyphen within comment: <!--{quoted}")
                }));
            }
            let is_simple = matches!(next, ' '..='\x7F' | '\t' | '\n');
            if !is_simple && !self.rest().starts_with("\r\n") {
                return self.other_comment();
            }
            self.at += 1;
        }
        Err(Stop::saying(NOT_TERMINATED))
    }

    fn other_comment(&mut self) -> Read {
        let start = self.at;
        let mut last = [' '; 2];
        loop {
            let Some(character) = self.character()? else {
                return Err(Stop::saying(NOT_TERMINATED));
            };
            if !is_allowed(character) {
                // Of the second one it names the first.
                let is_second = self.text[start..self.at].chars().count() == 1;
                let named = if is_second { last[1] } else { character };
                return Err(Stop::saying(format!(
                    "xmlParseComment: invalid xmlChar value {}",
                    u32::from(named)
                )));
            }
            self.at += character.len_utf8();
            if last == ['-', '-'] {
                if character == '>' {
                    return Ok(());
                }
                return Err(Stop::saying(
                    "Comment must not contain '--' (double-hyphen)",
                ));
            }
            last = [last[1], character];
        }
    }

    /// Behind `<![CDATA[`.
    pub(super) fn section(&mut self) -> Read {
        let start = self.at;
        while !self.eat("]]>") {
            match self.character()? {
                Some(character) if is_allowed(character) => self.at += character.len_utf8(),
                // It looks at two characters before it begins to search.
                _ if self.text[start..self.at].chars().nth(1).is_none() => {
                    return Err(Stop::saying("Unregistered error message"));
                }
                _ => return Err(Stop::saying("CData section not finished")),
            }
        }
        Ok(())
    }
}
