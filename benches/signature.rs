//! The history of verification and signing, measured by criterion: one group per shape, method and dialect, beside bare HMAC over the
//! same base string. For figures that can be compared with each other see `ratio.rs`.
//!
//! `cargo bench --bench signature`

mod peers;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{Dialect, SignatureMethod, base_string, verify};
use sha1::Sha1;
use sha2::Sha256;

fn signatures(criterion: &mut Criterion) {
    for method in SignatureMethod::ALL {
        for shape in Shape::ALL {
            group(criterion, shape, method);
        }
    }
}

fn group(criterion: &mut Criterion, shape: Shape, method: SignatureMethod) {
    let mut group = criterion.benchmark_group(format!("{}/{}", shape.name(), method.name()));
    let sample = Sample::signed(shape, Dialect::Rfc5849, method, 7).expect("a sample is small");
    let base = base_string(Dialect::Rfc5849, &sample.request()).expect("it was signed");
    group.throughput(Throughput::Bytes(base.len() as u64));
    match method {
        SignatureMethod::HmacSha1 => {
            let keyed = <Hmac<Sha1> as KeyInit>::new_from_slice(&[7; 65]).expect("any length");
            group.bench_function("bare", |bencher| {
                bencher.iter(|| keyed.clone().chain_update(black_box(&base)).finalize());
            });
        }
        SignatureMethod::HmacSha256 => {
            let keyed = <Hmac<Sha256> as KeyInit>::new_from_slice(&[7; 65]).expect("any length");
            group.bench_function("bare", |bencher| {
                bencher.iter(|| keyed.clone().chain_update(black_box(&base)).finalize());
            });
        }
    }
    let key = signing_key();
    for dialect in [Dialect::Rfc5849, Dialect::Laminas] {
        let sample = Sample::signed(shape, dialect, method, 7).expect("a sample is small");
        let request = sample.request();
        group.bench_function(format!("verify-{}", dialect.name()), |bencher| {
            bencher.iter(|| verify(dialect, &[method], black_box(&request), &key));
        });
    }
    let mut sign = peers::sign(shape, method);
    group.bench_function("sign", |bencher| bencher.iter(|| sign(black_box(7))));
    for (name, mut run) in peers::verifiers(shape, method) {
        group.bench_function(name, |bencher| bencher.iter(|| run(black_box(7))));
    }
    group.finish();
}

criterion_group!(benches, signatures);
criterion_main!(benches);
