<?php
use PHPUnit\Framework\TestCase;

final class OrdersTest extends TestCase
{
    private static $process;
    private static array $store;

    public static function setUpBeforeClass(): void
    {
        $ready = tempnam(sys_get_temp_dir(), 'magespec');
        unlink($ready);
        self::$process = proc_open([getenv('MAGESPEC') ?: 'magespec', 'serve', '--ephemeral', '--quiet', '--listen', '127.0.0.1:0',
            '--integration', 'Orders', '--ready-file', $ready, '--stop-with-parent'], [], $pipes);
        while (!file_exists($ready) && proc_get_status(self::$process)['running']) {
            usleep(5000);
            clearstatcache();
        }
        self::$store = json_decode(file_get_contents($ready), true);
        unlink($ready);
    }

    public static function tearDownAfterClass(): void
    {
        proc_terminate(self::$process);
        proc_close(self::$process);
    }

    private function api(array $secrets = []): OAuth
    {
        $one = $secrets + self::$store['integrations'][0];
        $api = new OAuth($one['consumer_key'], $one['consumer_secret'], OAUTH_SIG_METHOD_HMACSHA256);
        $api->setToken($one['token'], $one['token_secret']);
        return $api;
    }

    public function testASignedCallIsAnswered(): void
    {
        $api = $this->api();
        $api->fetch(self::$store['url'] . 'rest/V1/orders?searchCriteria%5BpageSize%5D=1');
        $this->assertCount(1, json_decode($api->getLastResponse(), true)['items']);
    }

    public function testAWrongSecretIsRefused(): void
    {
        $this->expectException(OAuthException::class);
        $this->expectExceptionCode(401);
        $this->api(['consumer_secret' => 'wrong'])->fetch(self::$store['url'] . 'rest/V1/store/storeViews');
    }
}
