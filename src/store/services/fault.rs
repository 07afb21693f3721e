//! What a service refuses, with every sentence that it can say.
//!
//! A sentence stands in a body as it stands here: its placeholders are not filled in (docs/protocol/errors.md#rest).

use std::borrow::Cow;

use serde_json::Value;

use crate::storage;

/// The sentences. Those that were not measured are marked; they were recalled from public answers of stores.
pub mod sentence {
    /// A field that must be there is not.
    pub const REQUIRED: &str = "\"%fieldName\" is required. Enter and try again.";
    /// Several fields that must be there are not.
    pub const SEVERAL: &str = "One or more input exceptions have occurred.";
    /// A value has the wrong type; the placeholders are filled in. Derived.
    pub const WRONG_TYPE: &str =
        "The \"%1\" value's type is invalid. The \"%2\" type was expected. Verify and try again.";
    /// A property of an object has the wrong type: its name, then what is wrong; filled in. Derived.
    pub const DURING: &str = "Error occurred during \"%1\" processing. %2";
    /// An order by a field with other characters than letters, digits and `_`.
    pub const RESTRICTED_SYMBOLS: &str = "Sort order field %1 contains restricted symbols";
    /// What the database says of a column that it does not have; seen in developer mode only.
    pub const UNKNOWN_COLUMN: &str =
        "SQLSTATE[42S22]: Column not found: 1054 Unknown column '%1' in 'WHERE'";
    /// What the log says when `fields` looks for rows among scalars.
    pub const FIELDS_OF_SCALARS: &str = "`fields` looks into what holds no fields";
    /// What the log says of a text where a list of objects is wanted.
    pub const NO_LIST: &str = "`%1` must be a list of objects";
    /// What the log says of a product without a SKU.
    pub const NO_SKU: &str = "the product has no SKU";
    /// A product of no or no known attribute set: what is wrong, then why.
    pub const INVALID_PRODUCT: &str = "Invalid product data: %1";
    /// Why it is.
    pub const INVALID_SET: &str = "Invalid attribute set entity type";
    /// A customer without an e-mail address.
    pub const NO_EMAIL: &str = "The customer email is missing. Enter and try again.";
    /// A customer group's code is taken.
    pub const GROUP_EXISTS: &str = "Customer Group already exists.";
    /// A field of a CMS page is empty.
    pub const EMPTY_FIELD: &str = "Required field \"%1\" is empty.";
    /// What the database says of a block without a value; it reaches the caller; filled in.
    pub const NULL_COLUMN: &str = "SQLSTATE[23000]: Integrity constraint violation: 1048 Column '%1' cannot be null, query was: INSERT INTO `cms_block` (`block_id`, `title`, `identifier`, `content`) VALUES (?, ?, ?, ?)";
    /// An image is asked for of a product that is not there.
    pub const NO_PRODUCT_OF_IMAGE: &str = "The product doesn't exist. Verify and try again.";
    /// No website has this id; filled in.
    pub const NO_SUCH_WEBSITE: &str =
        "The website with id %1 that was requested wasn't found. Verify the website and try again.";
    /// A property that no object of its type has, in upper camel case.
    pub const NOT_SUPPORTED: &str =
        "\"%fieldName\" is not supported. Correct the field name and try again.";
    /// A custom attribute with neither code nor value.
    pub const EMPTY_CUSTOM: &str =
        "An empty custom attribute is specified. Enter the attribute and try again.";
    /// A custom attribute with a value and no code.
    pub const CUSTOM_WITHOUT_CODE: &str = "A custom attribute is specified with a missing attribute code. Verify the code and try again.";
    /// A custom attribute with a code and no value; the code is filled in.
    pub const CUSTOM_WITHOUT_VALUE: &str =
        "The \"%1\" attribute code doesn't have a value set. Enter the value and try again.";
    /// A customer without a cart asks for something of it.
    pub const NO_ACTIVE_CART: &str = "Current customer does not have an active cart.";
    /// No entity has this value.
    pub const NO_SUCH_ENTITY: &str = "No such entity with %fieldName = %fieldValue";
    /// No product has this SKU.
    pub const NO_SUCH_PRODUCT: &str =
        "The product that was requested doesn't exist. Verify the product and try again.";
    /// An order that is held, canceled or done cannot be held.
    pub const NO_HOLD: &str = "A hold action is not available.";
    /// An order that is not held.
    pub const NO_UNHOLD: &str = "You cannot remove the hold.";
    /// The heading over what is wrong with an invoice.
    pub const INVOICE_FAULTS: &str = "Invoice Document Validation Error(s):";
    /// The heading over what is wrong with a shipment.
    pub const SHIPMENT_FAULTS: &str = "Shipment Document Validation Error(s):";
    /// The heading over what is wrong with a credit memo.
    pub const REFUND_FAULTS: &str = "Creditmemo Document Validation Error(s):";
    /// Nothing is left to invoice, or nothing was named.
    pub const NOTHING_TO_INVOICE: &str =
        "The invoice can't be created without products. Add products and try again.";
    /// The order's state bars invoices; the placeholder is filled in.
    pub const NO_INVOICE_IN: &str = "An invoice cannot be created when an order has a status of %1";
    /// More than was ordered.
    pub const TOO_MUCH_TO_INVOICE: &str = "We found an invalid quantity to invoice item \"%1\".";
    /// The order's state bars shipments; the placeholder is filled in.
    pub const NO_SHIPMENT_IN: &str =
        "A shipment cannot be created when an order has a status of %1";
    /// Nothing of the order is left to ship.
    pub const NOT_TO_SHIP: &str = "The order does not allow a shipment to be created.";
    /// Nothing is left to ship, or nothing was named.
    pub const NOTHING_TO_SHIP: &str = "You can't create a shipment without products.";
    /// The order's state bars credit memos; the placeholder is filled in.
    pub const NO_REFUND_IN: &str =
        "A creditmemo can not be created when an order has a status of %1";
    /// More than was paid; the placeholder is filled in.
    pub const MOST_TO_REFUND: &str = "The most money available to refund is %1.";
    /// More than was invoiced.
    pub const TOO_MUCH_TO_REFUND: &str = "We found an invalid quantity to refund item \"%1\".";
    /// The payment of the invoice cannot give money back.
    pub const NO_REFUND_OF_INVOICE: &str = "We can't create creditmemo for the invoice.";
    /// The payment of the invoice is captured, or cannot be.
    pub const NO_CAPTURE: &str = "The capture action is not available.";
    /// The payment of the invoice cannot be voided.
    pub const NO_VOID: &str = "The void action is not available.";
    /// No bulk of asynchronous calls has this id.
    pub const NO_BULK: &str = "Bulk uuid %bulkUuid not exist";
    /// No order, invoice or order item has this id.
    pub const NO_SUCH_RECORD: &str =
        "The entity that was requested doesn't exist. Verify the entity and try again.";
    /// The id of an order, an invoice or an order item is 0. Derived.
    pub const NO_ID: &str = "An ID is needed. Set the ID and try again.";
    /// No attribute has this code. Derived.
    pub const NO_SUCH_ATTRIBUTE: &str = "The attribute with a \"%1\" attributeCode doesn't exist. Verify the attribute and try again.";
    /// A product has no image of this id. Derived.
    pub const NO_SUCH_IMAGE: &str = "The image doesn't exist. Verify and try again.";
    /// A product has no option of this id. Derived.
    pub const NO_SUCH_OPTION: &str =
        "The option that was requested doesn't exist. Verify the option and try again.";
    /// No link between products has this name. Derived.
    pub const NO_SUCH_LINK: &str =
        "The \"%1\" link type is unknown. Verify the type and try again.";
    /// A product that has no variants. Derived.
    pub const NOT_CONFIGURABLE: &str = "Only implemented for configurable product: %1";
    /// No product with this SKU has stock. Derived.
    pub const NO_SUCH_STOCK: &str = "The Product with the \"%1\" SKU doesn't exist.";
    /// No CMS page has this id. Derived.
    pub const NO_SUCH_PAGE: &str = "The CMS page with the \"%1\" ID doesn't exist.";
    /// No CMS block has this id. Derived.
    pub const NO_SUCH_BLOCK: &str = "The CMS block with the \"%1\" ID doesn't exist.";
    /// No country has this id. Derived.
    pub const NO_SUCH_COUNTRY: &str = "The country isn't available.";
    /// A condition type that no search knows. Derived.
    pub const INVALID_VALUE: &str =
        "Invalid value of \"%value\" provided for the %fieldName field.";
    /// A field that no product, category or customer has.
    pub const INVALID_ATTRIBUTE: &str =
        "The \"%1\" attribute name is invalid. Reset the name and try again.";
    /// A sort direction that is neither of the two. Derived.
    pub const DIRECTION: &str =
        "The sort order has to be specified as %1 for ascending order or %2 for descending order.";
    /// A product lacks a value that it needs. Derived.
    pub const EMPTY_ATTRIBUTE: &str =
        "The \"%1\" attribute value is empty. Set the attribute and try again.";
    /// An e-mail address is taken.
    pub const CUSTOMER_EXISTS: &str =
        "A customer with the same email address already exists in an associated website.";
    /// A field of a customer that must have a value; the label is filled in. Derived.
    pub const REQUIRED_VALUE: &str = "\"%1\" is a required value.";
    /// Text that is no e-mail address; the label is filled in. Derived.
    pub const NOT_AN_EMAIL: &str = "\"%1\" is not a valid email address.";
    /// A password that is too short. Derived.
    pub const SHORT_PASSWORD: &str =
        "The password needs at least %1 characters. Create a new password and try again.";
    /// A password of too few kinds of characters. Derived.
    pub const PLAIN_PASSWORD: &str = "Minimum of different classes of characters in password is %1. Classes of characters: Lower Case, Upper Case, Digits, Special Characters.";
    /// The caller of a new guest cart cannot be told (measured 2.4.7).
    pub const NO_QUOTE: &str = "The quote can't be created.";
    /// A group, page, block or set of this name is there already. Derived.
    pub const NAME_TAKEN: &str = "\"%1\" already exists. Enter another value and try again.";
    /// A group that the store needs. Derived.
    pub const GROUP_KEPT: &str = "Cannot delete group.";
    /// A category that the store needs. Derived.
    pub const CATEGORY_KEPT: &str = "Cannot delete category with id %1";
    /// A category that cannot be kept, and why.
    pub const CATEGORY_DEEP: &str = "Could not save category: %1";
    /// An attribute set after one that is not there.
    pub const NO_SKELETON: &str =
        "The attribute set couldn't be created because it's based on a non-existing attribute set.";
    /// A customer of a group that there is not.
    pub const NO_GROUP_OF_CUSTOMER: &str = "The specified customer group id does not exist.";
    /// A customer of a store view that there is not.
    pub const NO_SUCH_STORE: &str =
        "The store that was requested wasn't found. Verify the store and try again.";
    /// A day of birth that is none.
    pub const INVALID_DATE: &str = "Invalid date";
    /// A password with a blank at an end.
    pub const BLANK_IN_PASSWORD: &str =
        "The password can't begin or end with a space. Verify the password and try again.";
    /// A SKU that is too long; the placeholder is filled in.
    pub const LONG_SKU: &str = "SKU length should be %1 characters maximum.";
    /// A price below nothing.
    pub const NEGATIVE_PRICE: &str = "Please enter a number 0 or greater in this field.";
    /// A product whose address another one has, and a page's.
    pub const URL_KEY_TAKEN: &str = "URL key for specified store already exists.";
    /// A page that cannot be kept: why.
    pub const PAGE_NOT_SAVED: &str = "Could not save the page: %1";
    /// An address of a page with other characters than those of addresses.
    pub const BAD_URL_KEY: &str = "The page URL key can't use capital letters or disallowed symbols. Remove the letters and symbols and try again.";
    /// A block whose identifier another one has.
    pub const BLOCK_EXISTS: &str =
        "A block identifier with the same properties already exists in the selected store.";
    /// An attribute without a code.
    pub const NO_ATTRIBUTE_CODE: &str =
        "The attribute code is empty. Enter the code and try again.";
    /// A comment on an invoice that is not named.
    pub const INVOICE_COMMENT_NOT_SAVED: &str = "Could not save the invoice comment.";
    /// A comment on a shipment that is not named. Derived.
    pub const SHIPMENT_COMMENT_NOT_SAVED: &str = "Could not save the shipment comment.";
    /// A comment on a credit memo that is not named. Derived.
    pub const CREDIT_MEMO_COMMENT_NOT_SAVED: &str = "Could not save the creditmemo comment.";
    /// A track of a shipment that is not named.
    pub const TRACK_NOT_SAVED: &str = "Could not save the shipment tracking.";
    /// A status that orders in this state do not have; the line breaks in it.
    pub const NO_SUCH_STATUS: &str = "Unable to add comment: The status \"%1\" is not part of the order\n                 status history.";
    /// More of the shipping than was paid.
    pub const MOST_SHIPPING: &str = "Maximum shipping amount allowed to refund is: %1";
    /// An address of a page that is a number.
    pub const URL_KEY_OF_DIGITS: &str =
        "The page URL key can't use only numbers. Add letters or words and try again.";
    /// The attribute set that a store needs. Derived.
    pub const SET_KEPT: &str = "The default attribute set can't be deleted.";
    /// More than the stock has. Derived.
    pub const NOT_ENOUGH: &str = "The requested qty is not available";
    /// An item that the cart does not hold. Derived.
    pub const NO_SUCH_ITEM: &str = "The %1 Cart doesn't contain the %2 item.";

    /// Every one of them.
    pub const ALL: [&str; 89] = [
        INVOICE_COMMENT_NOT_SAVED,
        SHIPMENT_COMMENT_NOT_SAVED,
        CREDIT_MEMO_COMMENT_NOT_SAVED,
        TRACK_NOT_SAVED,
        NO_SUCH_STATUS,
        MOST_SHIPPING,
        NO_ATTRIBUTE_CODE,
        BLOCK_EXISTS,
        NO_SKELETON,
        NO_GROUP_OF_CUSTOMER,
        NO_SUCH_STORE,
        INVALID_DATE,
        BLANK_IN_PASSWORD,
        LONG_SKU,
        NEGATIVE_PRICE,
        URL_KEY_TAKEN,
        PAGE_NOT_SAVED,
        BAD_URL_KEY,
        URL_KEY_OF_DIGITS,
        NO_HOLD,
        NO_UNHOLD,
        INVOICE_FAULTS,
        SHIPMENT_FAULTS,
        REFUND_FAULTS,
        NOTHING_TO_INVOICE,
        NO_INVOICE_IN,
        TOO_MUCH_TO_INVOICE,
        NO_SHIPMENT_IN,
        NOT_TO_SHIP,
        NOTHING_TO_SHIP,
        NO_REFUND_IN,
        MOST_TO_REFUND,
        TOO_MUCH_TO_REFUND,
        NO_REFUND_OF_INVOICE,
        NO_CAPTURE,
        NO_VOID,
        NO_BULK,
        NO_LIST,
        NO_SKU,
        INVALID_PRODUCT,
        INVALID_SET,
        NO_EMAIL,
        GROUP_EXISTS,
        EMPTY_FIELD,
        NULL_COLUMN,
        NO_PRODUCT_OF_IMAGE,
        FIELDS_OF_SCALARS,
        RESTRICTED_SYMBOLS,
        UNKNOWN_COLUMN,
        NO_SUCH_WEBSITE,
        NOT_SUPPORTED,
        EMPTY_CUSTOM,
        CUSTOM_WITHOUT_CODE,
        CUSTOM_WITHOUT_VALUE,
        NO_ACTIVE_CART,
        REQUIRED,
        SEVERAL,
        WRONG_TYPE,
        DURING,
        NO_SUCH_ENTITY,
        NO_SUCH_PRODUCT,
        NO_SUCH_RECORD,
        NO_ID,
        NO_SUCH_ATTRIBUTE,
        NO_SUCH_IMAGE,
        NO_SUCH_OPTION,
        NO_SUCH_LINK,
        NOT_CONFIGURABLE,
        NO_SUCH_STOCK,
        NO_SUCH_PAGE,
        NO_SUCH_BLOCK,
        NO_SUCH_COUNTRY,
        INVALID_VALUE,
        INVALID_ATTRIBUTE,
        DIRECTION,
        EMPTY_ATTRIBUTE,
        CUSTOMER_EXISTS,
        REQUIRED_VALUE,
        NOT_AN_EMAIL,
        SHORT_PASSWORD,
        PLAIN_PASSWORD,
        NO_QUOTE,
        NAME_TAKEN,
        GROUP_KEPT,
        CATEGORY_KEPT,
        CATEGORY_DEEP,
        SET_KEPT,
        NOT_ENOUGH,
        NO_SUCH_ITEM,
    ];
}

/// The values that a sentence names.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Parameters {
    /// None.
    #[default]
    Absent,
    /// By name, in order.
    Named(Vec<(Cow<'static, str>, Value)>),
    /// By position.
    Positional(Vec<Value>),
}

/// A refusal.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// A sentence with its placeholders; a few are filled in by the service.
    pub message: Cow<'static, str>,
    /// Their values.
    pub parameters: Parameters,
    /// The single refusals, when there are several: sentence and values.
    pub errors: Vec<(&'static str, Parameters)>,
}

impl Fault {
    /// With a sentence that was made of others.
    #[must_use]
    pub fn said(status: u16, message: String) -> Self {
        Self {
            message: message.into(),
            ..Self::new(status, "")
        }
    }

    /// Without values.
    #[must_use]
    pub const fn new(status: u16, message: &'static str) -> Self {
        Self {
            status,
            message: Cow::Borrowed(message),
            parameters: Parameters::Absent,
            errors: Vec::new(),
        }
    }

    /// With values by position.
    #[must_use]
    pub fn with<const N: usize>(status: u16, message: &'static str, values: [Value; N]) -> Self {
        Self {
            parameters: Parameters::Positional(values.into()),
            ..Self::new(status, message)
        }
    }

    /// With values by name.
    #[must_use]
    pub fn named<const N: usize>(
        status: u16,
        message: &'static str,
        values: [(&'static str, Value); N],
    ) -> Self {
        Self {
            parameters: Parameters::Named(
                values
                    .into_iter()
                    .map(|(name, value)| (Cow::Borrowed(name), value))
                    .collect(),
            ),
            ..Self::new(status, message)
        }
    }

    /// No entity has `value` in `field`.
    #[must_use]
    pub fn no_such(field: &str, value: impl Into<Value>) -> Self {
        let values = [
            ("fieldName", Value::from(field)),
            ("fieldValue", value.into()),
        ];
        Self::named(404, sentence::NO_SUCH_ENTITY, values)
    }

    /// These fields are missing, at least one; the sentence is another one for several.
    #[must_use]
    pub fn required(fields: &[&str]) -> Self {
        if let [only] = fields {
            return Self::named(400, sentence::REQUIRED, [("fieldName", Value::from(*only))]);
        }
        let error = |field: &&str| {
            let parameters = Parameters::Named(vec![("fieldName".into(), Value::from(*field))]);
            (sentence::REQUIRED, parameters)
        };
        Self {
            errors: fields.iter().map(error).collect(),
            ..Self::new(400, sentence::SEVERAL)
        }
    }

    /// `value` is not of the type `expected`.
    #[must_use]
    pub fn wrong_type(value: &str, expected: &str) -> Self {
        Self::filled(sentence::WRONG_TYPE, [value, expected])
    }

    /// The same, told of the property of an object that was being read.
    #[must_use]
    pub fn during(self, property: &str) -> Self {
        Self::filled(sentence::DURING, [property, &self.message])
    }

    /// Whether a value of the wrong type is refused, before any service is asked.
    pub(in crate::store) fn is_of_a_type(&self) -> bool {
        self.message.contains("value's type is invalid.")
            || self.message.starts_with("Error occurred during ")
    }

    /// A sentence whose placeholders are filled in, as stores do with what is wrong about a type.
    pub(super) fn filled(sentence: &'static str, [first, second]: [&str; 2]) -> Self {
        let (before, rest) = sentence.split_once("%1").unwrap_or((sentence, ""));
        let (between, after) = rest.split_once("%2").unwrap_or((rest, ""));
        Self {
            message: [before, first, between, second, after].concat().into(),
            ..Self::new(400, sentence)
        }
    }
}

/// A refusal, or the database's failure.
#[derive(Debug)]
pub enum Failure {
    /// It prints as it is.
    Fault(Fault),
    /// It prints as an internal error.
    Storage(storage::Error),
    /// The same, for what a real store fails on: what its log says.
    Internal(String),
    /// A real store breaks off: nothing but a line of text.
    Broken(String),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<storage::Error> for Failure {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}
