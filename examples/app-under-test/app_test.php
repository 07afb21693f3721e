<?php
// Judges an app with `magespec test-app`: start the app, run the cases that matter, read the exit code. The app is a few lines of PHP here,
// that take the credentials POST and nothing more; put your own in its place, and leave ONLY out to judge the whole handshake.

const ONLY = ['app/callback/answers', 'app/callback/success', 'app/callback/no-redirect', 'app/callback/field/missing'];
const FIELDS = ['oauth_consumer_key', 'oauth_consumer_secret', 'store_base_url', 'oauth_verifier'];

if (PHP_SAPI === 'cli-server') {
    $whole = array_filter(FIELDS, fn ($name) => ($_POST[$name] ?? '') === '') === [];
    http_response_code($whole ? 200 : 400);
    return;
}

$magespec = getenv('MAGESPEC') ?: 'magespec';
$socket = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($socket, false);
fclose($socket);
$streams = [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']];
$server = proc_open([PHP_BINARY, '-S', $address, __FILE__], $streams, $pipes);
for ($tries = 0; $tries < 100 && !@fsockopen(...explode(':', $address)); $tries++) {
    usleep(50_000);
}

$command = [$magespec, 'test-app', '--callback', "http://$address/callback", '--strict'];
foreach (ONLY as $pattern) {
    array_push($command, '--only', $pattern);
}
exec(implode(' ', array_map('escapeshellarg', $command)) . ' 2>&1', $said, $code);
proc_terminate($server);
echo implode("\n", $said), "\n";
if ($code !== 0) {
    echo "not conformant: exit code $code\n";
    exit(1);
}
echo "OK\n";
