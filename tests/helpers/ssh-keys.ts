/** Key pairs for tests of ssh. */
import ssh2 from 'ssh2';

/**
 * Makes an Ed25519 key pair whose private key can be read. ssh2 (1.17) makes one in 150 that it cannot read itself
 * ("Malformed OpenSSH private key"; seen 13 times in 2000), so another one is made then.
 *
 * @param passphrase Of the private key; it is not encrypted without one.
 */
export function keyPair(passphrase?: string): { public: string; private: string } {
  for (;;) {
    const pair =
      passphrase === undefined
        ? ssh2.utils.generateKeyPairSync('ed25519')
        : ssh2.utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-cbc', rounds: 16 });
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}
