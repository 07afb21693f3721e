//! The credentials POST: what it holds, and what becomes of a bad answer.

mod answers;
mod content;

magespec::group!("credentials-post": content, answers);
