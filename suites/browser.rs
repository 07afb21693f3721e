//! The merchant's journey in a real browser: Chromium through chromedriver, against the reference store and the reference app.
//!
//! `cargo test --features browser --test browser`. Without chromium and chromedriver on the machine it says so and runs nothing.
//! With `MAGESPEC_SCREENSHOTS=folder` every stop of the journey is kept as a picture, 1280 and 390 pixels wide.

mod browser {
    mod by_hand;
    mod from_module;
    mod pages;
    mod published;
    mod stage;
}
