//! The login pop-up and the way back.

mod callback_page;
mod exchange_answer;
mod return_address;

magespec::group!("pop-up": exchange_answer, return_address, callback_page);
