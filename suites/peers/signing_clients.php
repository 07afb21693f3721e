<?php
// Signed requests of PHP's OAuth extension, with the mistake that its users make most. Nothing is sent.
//
//     php suites/peers/signing_clients.php KEY SECRET TOKEN TOKEN_SECRET
//
// Prints one JSON object a line, as `magespec doctor` reads it, with the id of the mistake in `expects`; an object with `skipped` when the
// extension is not installed.

[, $key, $secret, $token, $token_secret] = $argv;

if (!extension_loaded('oauth')) {
    echo json_encode(['label' => 'PECL OAuth', 'skipped' => 'PECL OAuth is not installed (apt install php-oauth)']), "\n";
    exit;
}
// The verb of the signature is GET, the one that is sent is PUT: `fetch` and the signature were told different ones.
$client = new OAuth($key, $secret, OAUTH_SIG_METHOD_HMACSHA256, OAUTH_AUTH_TYPE_AUTHORIZATION);
$client->setToken($token, $token_secret);
$client->setTimestamp(1700000000);
$client->setNonce('n0nce00000000000000000000000000e');
$header = $client->getRequestHeader('GET', 'https://shop.example/rest/V1/products/A');
echo json_encode([
    'label' => 'PECL OAuth', 'expects' => 'mistake/other-method-signed', 'method' => 'PUT', 'scheme' => 'https', 'host' => 'shop.example',
    'uri' => '/rest/V1/products/A', 'authorization' => $header, 'content_type' => 'application/json', 'body' => '{"product":{"price":1}}',
]), "\n";
