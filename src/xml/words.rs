/// Names that documents are expected to hold. What bears one of them is known without a look into its text, which of one document among
/// thousands lies far from the processor.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// The shorter ones first.
    words: Vec<&'static str>,
    /// Behind the last of each length.
    ends: Vec<u8>,
}

/// The name of an element or attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// One of the words, by its number.
    Word(u8),
    /// To be read where it is written.
    Written,
}

impl Words {
    /// None at all.
    pub const NONE: &'static Self = &Self {
        words: Vec::new(),
        ends: Vec::new(),
    };

    /// Of these the shortest, up to the first 255.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = &'static str>) -> Self {
        let mut words: Vec<&'static str> = names.into_iter().collect();
        words.sort_unstable_by_key(|word| (word.len(), *word));
        words.dedup();
        words.truncate(usize::from(u8::MAX));
        let longest = words.last().map_or(0, |word| word.len());
        let ends = (0..=longest)
            .map(|length| words.partition_point(|word| word.len() <= length))
            .filter_map(|end| u8::try_from(end).ok())
            .collect();
        Self { words, ends }
    }

    pub(super) fn find(&self, name: &str) -> Name {
        let Some(&end) = self.ends.get(name.len()) else {
            return Name::Written;
        };
        let before = name.len().checked_sub(1);
        let first = before.map_or(0, |shorter| self.ends[shorter]);
        (first..end)
            .find(|&number| self.words[usize::from(number)] == name)
            .map_or(Name::Written, Name::Word)
    }

    pub(super) fn get(&self, number: u8) -> &'static str {
        self.words[usize::from(number)]
    }
}

impl Default for &'static Words {
    fn default() -> Self {
        Words::NONE
    }
}
