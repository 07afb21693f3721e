//! The login pop-up and the way back.

mod callback_page;
mod exchange_answer;

magespec::group!("pop-up": exchange_answer, callback_page);
