//! Every sentence that the panel says of itself: messages, questions, notes.
//!
//! `%1` stands for a name or an id as typed; [`fill`] puts it in. Labels of fields and columns stand in the templates.

macro_rules! sentences {
    ($($name:ident = $id:literal, $text:literal;)*) => {
        $(pub(super) const $name: &str = $text;)*

        /// The sentences of the panel: a stable id and the text, with `%1` for what it names.
        pub const SENTENCES: &[(&str, &str)] = &[$(($id, $text)),*];
    };
}

sentences! {
    ACCESS_FAILED = "panel/sign-in-refused", "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.";
    ACCOUNT_SAVED = "panel/account-saved", "You saved the account.";
    ACTIVATED = "panel/activated", "The integration '%1' has been activated.";
    ALERT = "panel/alert", "Sorry, something went wrong. Please try again later.";
    APPROVE = "panel/approve", "The integration you selected asks you to approve access to the following:";
    ARRAY_CONVERTED = "panel/array-converted", "Warning: Array to string conversion in /var/www/html/vendor/magento/framework/DB/Adapter/Pdo/Mysql.php on line 3278";
    CACHE_FLUSHED = "panel/cache-flushed", "The Magento cache storage has been flushed.";
    CACHE_REFRESHED = "panel/cache-refreshed", "%1 cache type(s) refreshed.";
    CACHE_STALE_AFTER = "panel/cache-stale-after", " and refresh cache types.";
    CACHE_STALE_BEFORE = "panel/cache-stale-before", "One or more of the Cache Types are invalidated: Web Services Configuration. Please go to ";
    CALLBACK_NOTE = "panel/callback-note", "Enter URL where Oauth credentials can be sent when using Oauth for token exchange. We strongly recommend using https://.";
    CAPTCHA_LABEL = "panel/captcha-label", "Please enter the letters and numbers from the image";
    CAPTCHA_WRONG = "panel/captcha-wrong", "Incorrect CAPTCHA.";
    CONFIGURATION_SAVED = "panel/configuration-saved", "You saved the configuration.";
    CONFIG_EMPTY = "panel/config-empty", "An empty field counts as the default that it shows in grey.";
    CONFIG_NOT_EDITED = "panel/config-not-edited", "The integrations created in the config file can't be edited.";
    CONFIG_NOT_NUMBER = "panel/config-not-number", "\"%1\" is not a number. Nothing was saved.";
    DELETED = "panel/deleted", "The integration '%1' has been deleted.";
    DELETE_QUESTION = "panel/delete-question", "Are you sure you want to delete this integration? You can't undo this action.";
    EMAIL_INVALID = "panel/email-invalid", "Please enter a valid email address (Ex: johndoe@domain.com).";
    FIELD_REQUIRED = "panel/field-required", "This is a required field.";
    FORM_KEY_INVALID = "panel/form-key-invalid", "Invalid Form Key. Please refresh the page.";
    GUEST_NOTE = "panel/guest-note", "This feature applies only to CMS, Catalog and Store APIs. Please consult your developers for details on potential security risks.";
    IDENTITY_NOTE = "panel/identity-note", "URL to redirect user to link their 3rd party account with this Magento integration credentials.";
    ID_INVALID = "panel/id-invalid", "Integration ID is not specified or is invalid.";
    ID_UNKNOWN = "panel/id-unknown", "The integration with ID \"%1\" doesn't exist.";
    INSECURE = "panel/insecure", "Warning! Integrations not using HTTPS are insecure and potentially expose private or personally identifiable information";
    INTERNAL_ERROR = "panel/internal-error", "Internal error. Check exception log for details.";
    LINK_INVALID = "panel/link-invalid", "Invalid Identity Link URL";
    NAME_TAKEN = "panel/name-taken", "The integration with name \"%1\" exists.";
    NOTHING_REQUESTED = "panel/nothing-requested", "No permissions requested";
    NO_RECORDS = "panel/no-records", "We couldn't find any records.";
    OTHERS_TERMINATED = "panel/others-terminated", "All other open sessions for this account were terminated.";
    PAGE_NOT_FOUND = "panel/page-not-found", "Page not found.";
    PASSWORD_ABSENT = "panel/password-absent", "An error has happened during application run. See exception log for details.";
    PASSWORDS_DIFFER = "panel/passwords-differ", "Your password confirmation must match your password.";
    PASSWORD_OLD = "panel/password-old", "It's time to change your password.";
    PASSWORD_WRONG = "panel/password-wrong", "The password entered for the current user is invalid. Verify the password and try again.";
    PERMISSIONS_NEEDED = "panel/permissions-needed", "Sorry, you need permissions to view this content.";
    POPUP_BLOCKED = "panel/popup-blocked", "Popup Blocker is enabled! Please add this site to your exception list.";
    POST_FAILED = "panel/post-failed", "The attempt to post data to consumer failed due to an unexpected error. Please try again later.";
    REAUTHORIZED = "panel/reauthorized", "The integration '%1' has been re-authorized.";
    RESET_AFTER = "panel/reset-after", " have been reset because of a change to their xml configs.";
    RESET_BEFORE = "panel/reset-before", "One or more ";
    SAVED = "panel/saved", "The integration '%1' has been saved.";
    SECRET_KEY_INVALID = "panel/secret-key-invalid", "You entered an invalid Secret Key. Please refresh the page.";
    SENT_FOR_ACTIVATION = "panel/sent-for-activation", "Integration '%1' has been sent for activation.";
    SENT_FOR_REAUTHORIZATION = "panel/sent-for-re-authorization", "Integration '%1' has been sent for re-authorization.";
    SESSION_DISPLACED = "panel/session-displaced", "Someone logged into this account from another device or browser. Your current session is terminated.";
    SESSION_EXPIRED = "panel/session-expired", "Your current session has been expired.";
    SET_UP_ACCOUNT = "panel/set-up-account", "Please setup or sign in into your 3rd party account to complete setup of this integration.";
    SIGNED_OUT = "panel/signed-out", "You have logged out.";
    UNDEFINED_KEY = "panel/undefined-key", "Warning: Undefined array key \"%1\" in /var/www/html/vendor/magento/module-integration/Model/IntegrationService.php on line 48";
    UNINSTALL = "panel/uninstall", "Uninstall the extension to remove integration '%1'.";
    USER_EXISTS = "panel/user-exists", "A user with the same user name or email already exists.";
    USER_GONE = "panel/user-gone", "This user no longer exists.";
    USER_NAMELESS = "panel/user-nameless", "\"User Name\" is required. Enter and try again.";
    USER_SAVED = "panel/user-saved", "You saved the user.";
    USER_WITHOUT_PASSWORD = "panel/user-without-password", "Password is required field.";
    URL_INVALID = "panel/url-invalid", "Please enter a valid URL. Protocol is required (http://, https:// or ftp://).";
}

/// The sentence with `value` in place of `%1`.
pub(super) fn fill(sentence: &str, value: &str) -> String {
    sentence.replacen("%1", value, 1)
}
