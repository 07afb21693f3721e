<?php
// What a store's own PHP makes of a request before it is signed: the base string of its generation.
//
//     php suites/peers/store_base_strings.php FOLDER [--values-stay-encoded] < requests.jsonl
//
// FOLDER holds `vendor/autoload.php`, which knows the classes of one generation: Magento's request helper, and beside it Zend_Oauth
// (2.0 to 2.4.5), laminas-oauth (2.4.6, 2.4.7) or Magento's own HMAC (the 2.4.9 line). Its service class `Oauth` decodes values again before
// they are signed; the option leaves that out, as the line itself did for some months. Reads one JSON request a line, writes one JSON answer a
// line: `{"base_string": …, "signature": …, "signature_method": …}`, the last two as they were read, or `{"failure": …}` with the class of
// the exception where a store answers 500.
declare(strict_types=1);

const HELPER = 'Magento\Framework\Oauth\Helper\Request';
const SERVICE = 'Magento\Framework\Oauth\Oauth';

/** The classes that sign, and the method of each that builds the base string: parameters, method, URL. */
const SIGNERS = [
    ['Zend_Oauth_Signature_Hmac', '_getBaseSignatureString'],
    ['Laminas\OAuth\Signature\Hmac', 'getBaseSignatureString'],
    ['Magento\Framework\Oauth\Helper\Signature\Hmac', 'createBaseString'],
];

require $argv[1] . '/vendor/autoload.php';

/** What the helper asks a store's request for. */
final class Received
{
    public function __construct(private array $request)
    {
    }

    public function getHeader(string $name): string
    {
        return $this->request[$name === 'Authorization' ? 'authorization' : 'content_type'] ?? '';
    }

    public function getContent(): string
    {
        return $this->request['body'];
    }

    public function getScheme(): string
    {
        return $this->request['scheme'];
    }

    public function getHttpHost(): string
    {
        return $this->request['host'];
    }

    public function getRequestUri(): string
    {
        return $this->request['target'];
    }
}

/** A private or protected method of a class, on an object that nothing was injected into. */
function hidden(string $class, string $method, array $arguments, array $given = []): mixed
{
    $reflection = new ReflectionClass($class);
    $object = $given === [] ? $reflection->newInstanceWithoutConstructor() : $reflection->newInstanceArgs($given);
    return $reflection->getMethod($method)->invokeArgs($object, $arguments);
}

function answer(array $request, string $class, string $method): array
{
    $helper = (new ReflectionClass(HELPER))->newInstanceWithoutConstructor();
    $received = new Received($request);
    $url = $helper->getRequestUrl($received);
    $parameters = $helper->prepareRequest($received);
    $read = [
        'signature' => $parameters['oauth_signature'] ?? null,
        'signature_method' => $parameters['oauth_signature_method'] ?? null,
    ];
    if ($method === 'createBaseString') {
        if (!in_array('--values-stay-encoded', $GLOBALS['argv'], true)) {
            $parameters = hidden(SERVICE, 'processNonRequiredParams', [$parameters]);
        }
        $base_string = hidden($class, $method, [$url, $parameters, $request['method']]);
    } else {
        unset($parameters['oauth_signature']);
        $given = ['secret', 'secret', 'sha256'];
        $base_string = hidden($class, $method, [$parameters, $request['method'], $url], $given);
    }
    return ['base_string' => $base_string] + $read;
}

$signers = array_filter(SIGNERS, fn (array $signer): bool => class_exists($signer[0]));
if ($signers === [] || !class_exists(HELPER)) {
    fwrite(STDERR, "{$argv[1]}/vendor/autoload.php does not know Magento's request helper and a class that signs\n");
    exit(1);
}
[$class, $method] = array_values($signers)[0];

// A store turns each warning and notice into an exception, but not what is merely deprecated.
set_error_handler(function (int $kind, string $text): bool {
    if (in_array($kind, [E_DEPRECATED, E_USER_DEPRECATED], true)) {
        return true;
    }
    throw new ErrorException($text);
});
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
    try {
        $answer = answer($request, $class, $method);
    } catch (Throwable $error) {
        $answer = ['failure' => get_class($error), 'message' => $error->getMessage()];
    }
    echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES), "\n";
}
