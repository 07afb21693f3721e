<?php
// Verifies the judge's requests with `OAuthProvider` of the PECL extension `oauth`. On the command line that class is handed its
// parameters instead of reading them from the server's variables.
declare(strict_types=1);

require __DIR__ . '/driver.php';

if (!extension_loaded('oauth')) {
    fwrite(STDERR, "the extension oauth is not installed\n");
    exit(1);
}

function verify(string $method, string $url, string $authorization, string $type, string $body): bool
{
    preg_match_all('/(\w+)="([^"]*)"/', $authorization, $found);
    $parameters = array_combine($found[1], array_map('rawurldecode', $found[2]));
    parse_str($body, $form);
    try {
        $provider = new OAuthProvider($parameters + $form);
        $provider->consumerHandler(function (OAuthProvider $provider): int {
            $provider->consumer_secret = SECRET;
            return OAUTH_OK;
        });
        $provider->tokenHandler(function (OAuthProvider $provider): int {
            $provider->token_secret = TOKEN_SECRET;
            return OAUTH_OK;
        });
        $provider->timestampNonceHandler(fn (OAuthProvider $provider): int => OAUTH_OK);
        $provider->checkOAuthRequest($url, $method);
        return true;
    } catch (OAuthException) {
        return false;
    }
}

drive('PECL oauth ' . phpversion('oauth') . ', PHP ' . PHP_VERSION, 'verify');
