//! A CA bundle that does not work is refused with its path, before the TLS code can panic over it.

use std::path::PathBuf;

use super::*;

/// A self-signed certificate made for this test; its key was thrown away.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBjTCCATOgAwIBAgIUc9phBjmcWMrWhAe+hP8oBPgpfoEwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQY29nbml0dWkgdGVzdCBDQTAgFw0yNjExMjAxNDQ4MjRaGA8y
MTI2MTAyNzE0NDgyNFowGzEZMBcGA1UEAwwQY29nbml0dWkgdGVzdCBDQTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABBT96HuoUnxccZuXpZ4e2PH3Y3s36prvteQD
8hF09x+xWtcdT4MMl/xkagrTnLmxn6YHgMwjO71haHC9K/7Pg7ujUzBRMB0GA1Ud
DgQWBBQXVtnnUfGwx6HesSRdeN+yFSqv4DAfBgNVHSMEGDAWgBQXVtnnUfGwx6He
sSRdeN+yFSqv4DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIE62
31GJ0f+ZTuJFK2c7Fow7yQr66UTzjD+PbHJqHl8mAiEAk86O2qZQYc7iJSGzyijd
RyYPAbK+IHVqh7MYzoJuLDY=
-----END CERTIFICATE-----
";

struct File(PathBuf);

impl File {
    fn with(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cognitui-dial-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

fn refusal_of(path: &Path) -> String {
    let fault = trust(path).unwrap_err();
    assert_eq!(fault.code.as_str(), "CaBundle");
    let message = fault.message.as_str().to_owned();
    assert!(
        message.starts_with(&format!("CA bundle {}: ", path.display())),
        "{message}"
    );
    message
}

#[test]
fn a_bundle_of_several_certificates_is_taken() {
    let bundle = File::with("good.pem", &format!("# our proxy\n{CERTIFICATE}\n{CERTIFICATE}"));
    trust(&bundle.0).unwrap();
}

#[test]
fn a_bundle_that_is_not_there_is_refused() {
    let message = refusal_of(Path::new("/nowhere/ca.pem"));
    assert!(message.contains("No such file"), "{message}");
}

#[test]
fn a_file_without_certificates_is_refused() {
    for (name, content) in [
        ("empty.pem", ""),
        ("der.crt", "0\u{82}\u{1}"),
        ("key.pem", "-----BEGIN X-----\n-----END X-----\n"),
    ] {
        let file = File::with(name, content);
        let message = refusal_of(&file.0);
        assert!(message.contains("no PEM certificate"), "{message}");
    }
}

#[test]
fn a_broken_certificate_is_refused_by_number() {
    let not_base64 = CERTIFICATE.replacen("MII", "!!!", 1);
    let not_der = "-----BEGIN CERTIFICATE-----\naGVsbG8gd29ybGQ=\n-----END CERTIFICATE-----\n";
    for (name, second) in [("base64.pem", not_base64.as_str()), ("der.pem", not_der)] {
        let file = File::with(name, &format!("{CERTIFICATE}\n{second}"));
        let message = refusal_of(&file.0);
        assert!(message.contains("certificate 2 "), "{message}");
    }
}
