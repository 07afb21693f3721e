//! Descriptions of services (WSDL 1.1 with a SOAP 1.2 binding): every operation with its parameters by name; objects have no types.

use std::fmt::Write as _;

use crate::store::services::contract;
use crate::store::services::operations::Operation;
use crate::text::markup::escaped;

/// The description of these operations at this address.
pub(super) fn write(address: &str, operations: &[&Operation]) -> String {
    let address = escaped(address);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:tns=\"{address}\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:soap-enc=\"http://schemas.xmlsoap.org/soap/encoding/\" xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\" name=\"MagentoWSDL\" targetNamespace=\"{address}\"><types><xsd:schema targetNamespace=\"{address}\">"
    );
    let mut operations: Vec<&Operation> = operations.to_vec();
    operations.sort_by_key(|one| (&one.service, one.name));
    operations.dedup_by_key(|one| (&one.service, one.name));
    for operation in &operations {
        types(&mut text, operation);
    }
    text.push_str("</xsd:schema></types>");
    for operation in &operations {
        for part in ["Request", "Response"] {
            let message = format!("{}{part}", operation.message());
            add(
                &mut text,
                format_args!(
                    "<message name=\"{message}\"><part name=\"messageParameters\" element=\"tns:{message}\"/></message>"
                ),
            );
        }
    }
    for service in operations.chunk_by(|left, right| left.service == right.service) {
        offer(&mut text, &address, service);
    }
    text.push_str("</definitions>");
    text
}

fn add(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = text.write_fmt(what);
}

fn types(text: &mut String, operation: &Operation) {
    let message = operation.message();
    let parameters = contract::of(operation.method, operation.url);
    let parameters = parameters.map_or(&[][..], |contract| &contract.parameters);
    add(
        text,
        format_args!("<xsd:element name=\"{message}Request\"><xsd:complexType><xsd:sequence>"),
    );
    for parameter in parameters {
        let least = u8::from(!parameter.optional);
        let kind = match parameter.kind {
            "int" => "int",
            "float" => "float",
            "bool" | "boolean" => "boolean",
            "string" => "string",
            _ => "anyType",
        };
        add(
            text,
            format_args!(
                "<xsd:element name=\"{}\" minOccurs=\"{least}\" maxOccurs=\"1\" type=\"xsd:{kind}\"/>",
                parameter.name
            ),
        );
    }
    add(
        text,
        format_args!(
            "</xsd:sequence></xsd:complexType></xsd:element><xsd:element name=\"{message}Response\"><xsd:complexType><xsd:sequence><xsd:element name=\"result\" minOccurs=\"1\" maxOccurs=\"1\" type=\"xsd:anyType\"/></xsd:sequence></xsd:complexType></xsd:element>"
        ),
    );
}

/// Port, binding and place of one service.
fn offer(text: &mut String, address: &str, operations: &[&Operation]) {
    let Some(first) = operations.first() else {
        return;
    };
    let service = &first.service;
    add(text, format_args!("<portType name=\"{service}PortType\">"));
    for operation in operations {
        let message = operation.message();
        add(
            text,
            format_args!(
                "<operation name=\"{message}\"><input message=\"tns:{message}Request\"/><output message=\"tns:{message}Response\"/></operation>"
            ),
        );
    }
    add(
        text,
        format_args!(
            "</portType><binding name=\"{service}Binding\" type=\"tns:{service}PortType\"><soap12:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>"
        ),
    );
    for operation in operations {
        let message = operation.message();
        add(
            text,
            format_args!(
                "<operation name=\"{message}\"><soap12:operation soapAction=\"{message}\"/><input><soap12:body use=\"literal\"/></input><output><soap12:body use=\"literal\"/></output></operation>"
            ),
        );
    }
    add(
        text,
        format_args!(
            "</binding><service name=\"{service}Service\"><port name=\"{service}Port\" binding=\"tns:{service}Binding\"><soap12:address location=\"{address}\"/></port></service>"
        ),
    );
}
