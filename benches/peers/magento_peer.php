<?php
// Verifies the judge's requests on the way that a store of generation B takes in PHP: the header split at commas, names filtered by a
// pattern, the form read with `parse_str`, the query piece by piece, and then signed. Its own code does that where it is found: Magento's
// request helper reads the parameters and laminas-oauth signs, as far as `vendor/autoload.php` knows them, of `laminas` below the folder that
// MAGESPEC_PHP_LIBRARIES names, or else of the folder in which the judge runs (`composer require laminas/laminas-oauth laminas/laminas-uri
// laminas/laminas-crypt`; the helper comes with a store). What is missing is rewritten here from the description of that way, with none of
// its objects and few of its calls: a faster one, and the name says so. The protocol that every peer speaks stands in foreign.rs.
declare(strict_types=1);

require __DIR__ . '/driver.php';
$named = getenv('MAGESPEC_PHP_LIBRARIES');
$autoload = ($named === false ? '.' : "$named/laminas") . '/vendor/autoload.php';
if (is_file($autoload)) {
    require $autoload;
}
const LAMINAS = 'Laminas\OAuth\Http\Utility';
const HELPER = 'Magento\Framework\Oauth\Helper\Request';
define('IS_LAMINAS', class_exists(LAMINAS));
define('IS_HELPER', IS_LAMINAS && class_exists(HELPER));

/** What the helper asks a store's request for. */
final class Received
{
    private array $parts = [];

    public function __construct(string $url, private string $authorization, private string $type, private string $body)
    {
        preg_match('~^(https?)://([^/?#]*)(.*)$~', $url, $this->parts);
    }

    public function getHeader(string $name): string
    {
        return $name === 'Authorization' ? $this->authorization : $this->type;
    }

    public function getContent(): string
    {
        return $this->body;
    }

    public function getScheme(): string
    {
        return $this->parts[1];
    }

    public function getHttpHost(): string
    {
        return $this->parts[2];
    }

    public function getRequestUri(): string
    {
        return $this->parts[3];
    }
}

/** The parameters as the helper reads them, without the signature; and the signature. */
function helped(string $url, string $authorization, string $type, string $body): array
{
    $parameters = (new (HELPER)())->prepareRequest(new Received($url, $authorization, $type, $body));
    $signature = $parameters['oauth_signature'] ?? '';
    unset($parameters['oauth_signature']);
    return [$parameters, $signature];
}

/** Header, form body and query, as one map without the signature; and the signature. */
function collect(string $url, string $authorization, string $type, string $body): array
{
    $start = stripos($authorization, 'oauth ');
    if ($start === false) {
        return [[], ''];
    }
    $parameters = [];
    foreach (explode(',', substr($authorization, $start + 6)) as $piece) {
        $parts = explode('=', trim($piece), 2);
        if (count($parts) === 2 && preg_match('/oauth_[a-z_-]+/', $parts[0])) {
            $parameters[rawurldecode($parts[0])] = rawurldecode(trim($parts[1], '"'));
        }
    }
    if (str_starts_with($type, 'application/x-www-form-urlencoded')) {
        parse_str($body, $form);
        $bare = $parameters === [];
        foreach ($form as $name => $value) {
            if ($bare || !preg_match('/oauth_[a-z_-]+/', (string) $name)) {
                $parameters[$name] = $value;
            }
        }
    }
    $query = parse_url($url, PHP_URL_QUERY);
    foreach (is_string($query) ? explode('&', $query) : [] as $piece) {
        $parts = explode('=', $piece);
        if (count($parts) === 2 && !preg_match('/oauth_[a-z_-]+/', $parts[0])) {
            $parameters[rawurldecode($parts[0])] = rawurldecode($parts[1]);
        }
    }
    $signature = $parameters['oauth_signature'] ?? '';
    unset($parameters['oauth_signature']);
    return [$parameters, $signature];
}

/** Scheme and host in lower case, no default port, dot segments gone, reserved escapes decoded and the rest encoded anew. */
function normalised(string $url): string
{
    $part = parse_url($url);
    $scheme = strtolower($part['scheme']);
    $port = $part['port'] ?? null;
    $default = ['http' => 80, 'https' => 443][$scheme] ?? null;
    $kept = [];
    foreach (explode('/', $part['path'] ?? '/') as $segment) {
        if ($segment === '..') {
            array_pop($kept);
        } elseif ($segment !== '.') {
            $kept[] = $segment;
        }
    }
    $path = preg_replace_callback('/%([0-9A-Fa-f]{2})/', function (array $found): string {
        $byte = chr((int) hexdec($found[1]));
        return preg_match('/[A-Za-z0-9\-._~:@&=+$,\/;%]/', $byte) ? $byte : strtoupper($found[0]);
    }, implode('/', $kept));
    $path = preg_replace_callback(
        '/(?:[^A-Za-z0-9\-._~:@&=+$,\/;()%]+|%(?![0-9A-Fa-f]{2}))/',
        fn (array $found): string => rawurlencode($found[0]),
        $path,
    );
    return $scheme . '://' . strtolower($part['host']) . ($port === null || $port === $default ? '' : ":$port") . $path;
}

function verify(string $method, string $url, string $authorization, string $type, string $body): bool
{
    $read = IS_HELPER ? 'helped' : 'collect';
    [$parameters, $theirs] = $read($url, $authorization, $type, $body);
    return hash_equals(IS_LAMINAS ? laminas($parameters, $method, $url) : rewritten($parameters, $method, $url), $theirs);
}

function laminas(array $parameters, string $method, string $url): string
{
    return (new (LAMINAS)())->sign($parameters, $parameters['oauth_signature_method'], SECRET, TOKEN_SECRET, $method, $url);
}

function rewritten(array $parameters, string $method, string $url): string
{
    $encoded = [];
    foreach ($parameters as $name => $value) {
        $encoded[rawurlencode((string) $name)] = rawurlencode($value);
    }
    uksort($encoded, 'strnatcmp');
    $pairs = [];
    foreach ($encoded as $name => $value) {
        $pairs[] = $name . '=' . $value;
    }
    $base = implode('&', array_map('rawurlencode', [strtoupper($method), normalised($url), implode('&', $pairs)]));
    $key = implode('&', array_map('rawurlencode', [SECRET, TOKEN_SECRET]));
    return base64_encode(hash_hmac('sha1', $base, $key, true));
}

$name = IS_LAMINAS ? 'laminas-oauth' : 'laminas way rewritten';
drive($name . (IS_HELPER ? " + Magento's request helper" : '') . ', PHP ' . PHP_VERSION, 'verify');
