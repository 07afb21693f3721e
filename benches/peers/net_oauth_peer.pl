# Verifies the judge's requests with Perl's Net::OAuth. The protocol that every peer speaks stands in foreign.rs.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

eval { require Net::OAuth; require Net::OAuth::ProtectedResourceRequest; 1 } or do {
    print STDERR "the module Net::OAuth is not installed\n";
    exit 1;
};
{ no warnings 'once'; $Net::OAuth::PROTOCOL_VERSION = Net::OAuth::PROTOCOL_VERSION_1_0(); }
$| = 1;

sub form {
    my %pairs;
    for my $piece (split /&/, shift) {
        my ($name, $value) = map { s/\+/ /gr =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ger } split /=/, $piece, 2;
        utf8::decode($_) for $name, $value;
        $pairs{$name} = $value;
    }
    return \%pairs;
}

sub verify {
    my ($method, $url, $authorization, $type, $body) = @_;
    my ($base, $query) = split /\?/, $url, 2;
    my $request = eval {
        Net::OAuth->request('protected resource')->from_authorization_header(
            $authorization,
            consumer_secret => '0123456789abcdefghijklmnopqrstuv',
            token_secret    => 's3cret00000000000000000000000001',
            request_method  => $method,
            request_url     => $base,
            extra_params    => form(join '&', grep { length } $query // '', $body),
        );
    };
    return $request && $request->verify ? 1 : 0;
}

my (%right, %sound, @shapes);
open my $file, '<', $ARGV[0] or die "$ARGV[0]: $!";
while (my $line = <$file>) {
    chomp $line;
    my ($shape, $verdict, @request) = split /\t/, $line, -1;
    push @shapes, $shape unless exists $sound{$shape};
    push @{ $right{$shape} }, \@request if $verdict eq 'right';
    $sound{$shape} = ($sound{$shape} // 1) && verify(@request) == ($verdict eq 'right' ? 1 : 0);
}
print join("\t", "Net::OAuth $Net::OAuth::VERSION", grep { $sound{$_} } @shapes), "\n";
while (my $command = <STDIN>) {
    chomp $command;
    my ($shape, $count) = split /\t/, $command;
    my $requests = $right{$shape};
    my $start = clock_gettime(CLOCK_MONOTONIC);
    verify(@{ $requests->[$_ % @$requests] }) for 0 .. $count - 1;
    printf "%d\n", (clock_gettime(CLOCK_MONOTONIC) - $start) * 1e9;
}
