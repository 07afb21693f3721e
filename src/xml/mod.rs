//! Spanned XML: reader, tree, merging, limits.
