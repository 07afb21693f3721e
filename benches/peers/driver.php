<?php
// What the PHP peers share: the protocol that every peer speaks, foreign.rs says which.
declare(strict_types=1);

const SECRET = '0123456789abcdefghijklmnopqrstuv';
const TOKEN_SECRET = 's3cret00000000000000000000000001';

function drive(string $name, callable $verify): void
{
    $right = [];
    $sound = [];
    foreach (file($GLOBALS['argv'][1], FILE_IGNORE_NEW_LINES) as $line) {
        $request = explode("\t", $line);
        [$shape, $verdict] = array_splice($request, 0, 2);
        if ($verdict === 'right') {
            $right[$shape][] = $request;
        }
        $sound[$shape] = ($sound[$shape] ?? true) && $verify(...$request) === ($verdict === 'right');
    }
    echo implode("\t", [$name, ...array_keys(array_filter($sound))]), "\n";
    while (($command = fgets(STDIN)) !== false) {
        [$shape, $count] = explode("\t", rtrim($command));
        $requests = $right[$shape];
        $start = hrtime(true);
        for ($at = 0; $at < (int) $count; $at++) {
            $verify(...$requests[$at % count($requests)]);
        }
        echo hrtime(true) - $start, "\n";
    }
}
