using System;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace HaukiOS.Conformance;

/// <summary>BouncyCastle's primitives over lengths around their block sizes, and the published vectors.</summary>
public static class CryptoCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddVectors(suite);
        foreach (int length in (ReadOnlySpan<int>)[0, 1, 63, 64, 65, 127, 128, 129, 1000])
        {
            AddDigests(suite, length);
        }

        AddMacs(suite);
        foreach (int length in (ReadOnlySpan<int>)[0, 1, 15, 16, 63, 64, 65, 128, 1000])
        {
            AddAeads(suite, length);
        }

        AddCurves(suite);
        AddKem(suite);
    }

    private static void AddVectors(Suite suite)
    {
        Vector(suite, "Argon2id", PublishedVectors.Argon2id);
        Vector(suite, "BLAKE2b", PublishedVectors.Blake2b);
        Vector(suite, "BLAKE2s", PublishedVectors.Blake2s);
        Vector(suite, "SHA-256", PublishedVectors.Sha256);
        Vector(suite, "SHA-512", PublishedVectors.Sha512);
        Vector(suite, "HMAC", PublishedVectors.HmacSha256);
        Vector(suite, "HKDF", PublishedVectors.HkdfSha256);
        Vector(suite, "ChaCha20-Poly1305", PublishedVectors.ChaCha20Poly1305);
        Vector(suite, "XChaCha20-Poly1305", PublishedVectors.XChaCha20Poly1305);
        Vector(suite, "X25519", PublishedVectors.X25519Agreement);
        Vector(suite, "Ed25519", PublishedVectors.Ed25519Signature);
        Vector(suite, "Noise XX", NoiseVectors.Xx);
        Vector(suite, "Noise IKpsk2", NoiseVectors.IkPsk2);
        suite.Add("crypto: records in place", () => NoiseVectors.RecordsInPlace() ? "yes" : "no");
    }

    private static void Vector(Suite suite, string name, Func<bool> vector) =>
        suite.Add($"crypto: {name} gives its published vector", () => vector() ? "yes" : "no");

    private static void AddDigests(Suite suite, int length)
    {
        suite.Add($"crypto: BLAKE2b of {length} bytes", () => Digest(new Blake2bDigest(512), length));
        suite.Add($"crypto: BLAKE2s of {length} bytes", () => Digest(new Blake2sDigest(256), length));
        suite.Add($"crypto: SHA-256 of {length} bytes", () => Digest(new Sha256Digest(), length));
        suite.Add($"crypto: SHA-512 of {length} bytes", () => Digest(new Sha512Digest(), length));
        suite.Add($"crypto: SHAKE128 of {length} bytes", () => Digest(new ShakeDigest(128), length));
    }

    private static void AddMacs(Suite suite)
    {
        foreach (int keyLength in (ReadOnlySpan<int>)[1, 32, 64, 65, 200])
        {
            suite.Add($"crypto: HMAC-SHA-256 with a key of {keyLength} bytes", () =>
            {
                var mac = new HMac(new Sha256Digest());
                mac.Init(new KeyParameter(Bytes(keyLength)));
                mac.BlockUpdate(Bytes(100));
                byte[] tag = new byte[32];
                mac.DoFinal(tag);
                return Hex.Format(tag);
            });
            suite.Add($"crypto: HKDF-SHA-256 to {keyLength} bytes", () =>
            {
                var hkdf = new HkdfBytesGenerator(new Sha256Digest());
                hkdf.Init(new HkdfParameters(Bytes(32), Bytes(16), Bytes(10)));
                byte[] key = new byte[keyLength];
                hkdf.GenerateBytes(key, 0, key.Length);
                return Hex.Format(key);
            });
            suite.Add($"crypto: BLAKE2b with a key of {Math.Min(64, keyLength)} bytes, {keyLength}", () =>
                Digest(new Blake2bDigest(Bytes(Math.Min(64, keyLength)), 32, null, null), 100));
        }
    }

    private static void AddAeads(Suite suite, int length)
    {
        suite.Add($"crypto: ChaCha20-Poly1305 over {length} bytes", () =>
            Seal(new ChaCha20Poly1305(), 12, length));
        suite.Add($"crypto: XChaCha20-Poly1305 over {length} bytes", () =>
            Seal(new XChaCha20Poly1305(), 24, length));
        suite.Add($"crypto: XChaCha20-Poly1305 notices a changed tag after {length} bytes", () =>
        {
            var parameters = new AeadParameters(new KeyParameter(Bytes(32)), 128, Bytes(24), Bytes(5));
            var opener = new XChaCha20Poly1305();
            opener.Init(false, parameters);
            byte[] plain = new byte[length + 16];
            int done = opener.ProcessBytes(Bytes(length + 16), plain);
            opener.DoFinal(plain.AsSpan(done));
            return "opened";
        });
    }

    private static void AddCurves(Suite suite)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            int fixedSeed = seed;
            suite.Add($"crypto: X25519 agrees both ways, {seed}", () =>
            {
                byte[] one = new CaseRandom((ulong)fixedSeed).Bytes(32);
                byte[] other = new CaseRandom((ulong)fixedSeed + 100).Bytes(32);
                byte[] nine = new byte[32];
                nine[0] = 9;
                byte[] left = Multiply(other, Multiply(one, nine)), right = Multiply(one, Multiply(other, nine));
                return $"{left.AsSpan().SequenceEqual(right)} {Hex.Format(left)}";
            });
            suite.Add($"crypto: Ed25519 signs and verifies, {seed}", () =>
            {
                byte[] secret = new CaseRandom((ulong)fixedSeed).Bytes(32), message = Bytes(fixedSeed * 40);
                byte[] key = new byte[Ed25519.PublicKeySize], signature = new byte[Ed25519.SignatureSize];
                Ed25519.GeneratePublicKey(secret, 0, key, 0);
                Ed25519.Sign(secret, 0, message, 0, message.Length, signature, 0);
                bool right = Ed25519.Verify(signature, 0, key, 0, message, 0, message.Length);
                message[fixedSeed] ^= 1;
                bool wrong = Ed25519.Verify(signature, 0, key, 0, message, 0, message.Length);
                return $"{right} {wrong} {Hex.Format(signature)}";
            });
        }
    }

    private static void AddKem(Suite suite)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            int fixedSeed = seed;
            suite.Add($"crypto: ML-KEM-768 agrees, and rejects without saying so, {seed}", () =>
            {
                var random = new CaseRandom((ulong)fixedSeed);
                object engine = CastleInternals.NewKemEngine(3);
                CastleInternals.GenerateKemKeyPair(engine, random.Bytes(64), out byte[] secretKey);
                byte[] publicKey = CastleInternals.CopyEncapsulationKey(engine, secretKey);
                byte[] cipher = new byte[1088], one = new byte[32], other = new byte[32];
                CastleInternals.Encapsulate(engine, publicKey, random.Bytes(32), cipher, one);
                CastleInternals.Decapsulate(engine, secretKey, cipher, other);
                bool agreed = one.AsSpan().SequenceEqual(other);
                cipher[fixedSeed] ^= 1;
                CastleInternals.Decapsulate(engine, secretKey, cipher, other);
                return $"{agreed} {Hex.Format(one)} {Hex.Format(other)}";
            });
        }
    }

    private static byte[] Multiply(byte[] scalar, byte[] point)
    {
        byte[] result = new byte[32];
        X25519.ScalarMult(scalar, 0, point, 0, result, 0);
        return result;
    }

    // Sealed, opened again, and both told.
    private static string Seal(ChaCha20Poly1305 cipher, int nonceLength, int length)
    {
        var parameters = new AeadParameters(new KeyParameter(Bytes(32)), 128, Bytes(nonceLength), Bytes(5));
        byte[] plain = Bytes(length), sealedText = new byte[length + 16], back = new byte[length + 16];
        cipher.Init(true, parameters);
        int done = cipher.ProcessBytes(plain, sealedText);
        cipher.DoFinal(sealedText.AsSpan(done));
        cipher.Init(false, parameters);
        done = cipher.ProcessBytes(sealedText, back);
        done += cipher.DoFinal(back.AsSpan(done));
        bool same = plain.AsSpan().SequenceEqual(back.AsSpan(0, done));
        return $"{same} {Hex.Format(sealedText.AsSpan(Math.Max(0, sealedText.Length - 32)))}";
    }

    private static string Digest(IDigest digest, int length)
    {
        // In two pieces, so that the buffering is tried as well.
        ReadOnlySpan<byte> message = Bytes(length);
        digest.BlockUpdate(message.Slice(0, length / 3));
        digest.BlockUpdate(message.Slice(length / 3));
        byte[] result = new byte[digest.GetDigestSize()];
        digest.DoFinal(result);
        return Hex.Format(result);
    }

    private static byte[] Bytes(int length) => new CaseRandom((ulong)length + 1000).Bytes(length);
}
