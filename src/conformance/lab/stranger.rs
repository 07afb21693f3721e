use std::io::{self, Read as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, Stream};

use crate::wire::tls;

use super::Lab;
use crate::conformance::result::Stop;

/// A callback endpoint on HTTPS whose certificate nobody vouches for.
#[derive(Debug)]
pub struct Stranger {
    address: SocketAddr,
    seen: Arc<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    reached: AtomicBool,
    told: AtomicBool,
}

impl Stranger {
    fn start(interface: IpAddr) -> Result<Self, String> {
        let (config, _) =
            tls::self_signed(&[interface.to_string()]).map_err(|error| error.to_string())?;
        let socket = TcpListener::bind((interface, 0)).map_err(|error| error.to_string())?;
        let address = socket.local_addr().map_err(|error| error.to_string())?;
        let seen = Arc::new(Seen::default());
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                shared.reached.store(true, Ordering::SeqCst);
                // A peer that does not trust the certificate goes away: that is what is hoped for.
                if read_something(stream, &config).is_ok_and(|count| count > 0) {
                    shared.told.store(true, Ordering::SeqCst);
                }
            }
        });
        Ok(Self { address, seen })
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}/callback", self.address)
    }

    /// Whether anybody connected.
    #[must_use]
    pub fn was_reached(&self) -> bool {
        self.seen.reached.load(Ordering::SeqCst)
    }

    /// Whether anybody told it anything behind the certificate.
    #[must_use]
    pub fn was_told(&self) -> bool {
        self.seen.told.load(Ordering::SeqCst)
    }
}

fn read_something(mut stream: TcpStream, config: &Arc<ServerConfig>) -> io::Result<usize> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    Stream::new(&mut connection, &mut stream).read(&mut [0; 1024])
}

impl Lab<'_> {
    /// An HTTPS endpoint beside the suite's own, with a certificate that nobody vouches for.
    ///
    /// # Errors
    /// Not-applicable when only the suite's own endpoint is known to be reachable; could-not-run when it cannot listen.
    pub fn stranger(&self) -> Result<Stranger, Stop> {
        let Some((address, None)) = &self.run().target().access.callback else {
            return Err(Stop::NotApplicable(
                "the store reaches the suite under --public-url, and at no other port".into(),
            ));
        };
        Stranger::start(address.ip()).map_err(Stop::CouldNotRun)
    }
}
