#!/usr/bin/perl
# Signed requests of Perl's OAuth libraries, each with the mistake that its users make most. Nothing is sent.
#
#     perl suites/peers/signing_clients.pl KEY SECRET TOKEN TOKEN_SECRET
#
# Prints one JSON object a line, as `magespec doctor` reads it, with the id of the mistake in `expects`; for a library that is not installed
# an object with `skipped`.

use strict;
use warnings;
no warnings 'once';
use JSON::PP;

my ($key, $secret, $token, $token_secret) = @ARGV;
my $json = JSON::PP->new->canonical;

sub show {
    my ($label, $expects, $method, $target, $authorization) = @_;
    print $json->encode({
        label => $label, expects => $expects, method => $method, scheme => 'https', host => 'shop.example',
        uri => $target, authorization => $authorization,
    }), "\n";
}

sub skipped {
    my ($label, $package) = @_;
    print $json->encode({ label => $label, skipped => "$label is not installed (apt install $package)" }), "\n";
}

# The query is not among `extra_params`, and the URL is given without it.
if (eval { require Net::OAuth; 1 }) {
    $Net::OAuth::PROTOCOL_VERSION = Net::OAuth::PROTOCOL_VERSION_1_0A();
    my $request = Net::OAuth->request('protected resource')->new(
        consumer_key => $key, consumer_secret => $secret, token => $token, token_secret => $token_secret,
        request_url => 'https://shop.example/rest/V1/products', request_method => 'GET',
        signature_method => 'HMAC-SHA256', timestamp => 1700000000, nonce => 'n0nce00000000000000000000000000d',
    );
    $request->sign;
    show('Net::OAuth', 'mistake/query-not-signed', 'GET', '/rest/V1/products?fields=items', $request->to_authorization_header);
} else {
    skipped('Net::OAuth', 'libnet-oauth-perl');
}

# The two secrets in each other's place.
if (eval { require WWW::OAuth; require HTTP::Request; 1 }) {
    my $oauth = WWW::OAuth->new(
        client_id => $key, client_secret => $token_secret, token => $token, token_secret => $secret, signature_method => 'HMAC-SHA1',
    );
    my $request = HTTP::Request->new(GET => 'https://shop.example/rest/V1/products?fields=items');
    $oauth->authenticate($request);
    show('WWW::OAuth', 'mistake/secrets-exchanged', 'GET', '/rest/V1/products?fields=items', $request->header('Authorization'));
} else {
    skipped('WWW::OAuth', 'libwww-oauth-perl');
}
