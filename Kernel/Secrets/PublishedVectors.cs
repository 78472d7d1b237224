using System;
using System.Buffers.Binary;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace HaukiOS.Secrets;

/// <summary>
/// The kernel's cryptography held against the vectors that its standards publish: does this very image, on this very
/// machine, still compute what it should? Every method gives true if it does.
/// </summary>
public static class PublishedVectors
{
    private const string RfcNonce = "070000004041424344454647";
    private const string Associated = "50515253c0c1c2c3c4c5c6c7";
    private const string SealedSunscreen =
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
        + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
        + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        + "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691";

    // Lengths of packets that are compared with the library's: all of the short ones, some of the long ones.
    private const int PacketLengths = 1500;
    private const int DenseLengths = 150;

    /// <summary>RFC 9106, section 5.3, by BouncyCastle.</summary>
    public static bool Argon2id()
    {
        byte[] password = Filled(32, 1), salt = Filled(16, 2), secret = Filled(8, 3), associated = Filled(12, 4);
        var generator = new Argon2BytesGenerator();
        generator.Init(CastleInternals.Argon2id(salt, secret, associated, 3, 32, 4));
        byte[] tag = new byte[32];
        generator.GenerateBytes(password, tag, 0, tag.Length);
        return Is(tag, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    /// <summary>RFC 7693, appendix A.</summary>
    public static bool Blake2b() => Is(
        Digest(new Blake2bDigest(512), "abc"u8),
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");

    /// <summary>RFC 7693, appendix B.</summary>
    public static bool Blake2s() => Is(
        Digest(new Blake2sDigest(256), "abc"u8), "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");

    /// <summary>FIPS 180-4: the examples of SHA-256 with one and two blocks.</summary>
    public static bool Sha256() =>
        Is(
            Digest(new Sha256Digest(), "abc"u8),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        && Is(
            Digest(new Sha256Digest(), "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"u8),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");

    /// <summary>FIPS 180-4: the example of SHA-512.</summary>
    public static bool Sha512() => Is(
        Digest(new Sha512Digest(), "abc"u8),
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");

    /// <summary>RFC 4231, test case 1.</summary>
    public static bool HmacSha256()
    {
        var mac = new HMac(new Sha256Digest());
        mac.Init(new KeyParameter(Filled(20, 0x0b)));
        byte[] tag = new byte[32];
        mac.BlockUpdate("Hi There"u8);
        mac.DoFinal(tag);
        return Is(tag, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    /// <summary>RFC 5869, test case 1.</summary>
    public static bool HkdfSha256()
    {
        var hkdf = new HkdfBytesGenerator(new Sha256Digest());
        hkdf.Init(new HkdfParameters(
            Filled(22, 0x0b), Hex.Parse("000102030405060708090a0b0c"), Hex.Parse("f0f1f2f3f4f5f6f7f8f9")));
        byte[] key = new byte[42];
        hkdf.GenerateBytes(key, 0, key.Length);
        return Is(
            key, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    /// <summary>RFC 8439, section 2.8.2; and one flipped bit is noticed.</summary>
    public static bool ChaCha20Poly1305() => Aead(
        new ChaCha20Poly1305(),
        new ChaCha20Poly1305(),
        RfcNonce,
        SealedSunscreen);

    /// <summary>RFC 8439, section 2.8.2, by the cipher of packets; other lengths as the library seals them.</summary>
    public static bool ChaCha20Poly1305OfPackets()
    {
        byte[] associated = Hex.Parse(Associated), key = CountingKey(), text = Sunscreen();
        bool right = Is(SealPacket(key, RfcNonce, associated, text), SealedSunscreen);
        for (int length = 0; length < PacketLengths; length += length < DenseLengths ? 1 : DenseLengths + 1)
        {
            byte[] nonce = Hex.Parse(RfcNonce), packet = new byte[length + PacketCipher.TagLength];
            var library = new ChaCha20Poly1305();
            library.Init(true, new AeadParameters(new KeyParameter(key), 128, nonce, associated));
            text = Filled(length, (byte)length);
            int done = library.ProcessBytes(text, packet);
            library.DoFinal(packet.AsSpan(done));
            right &= Is(SealPacket(key, RfcNonce, associated, text), Hex.Format(packet));
        }

        return right;
    }

    /// <summary>draft-irtf-cfrg-xchacha, appendix A.3.1; and one flipped bit is noticed.</summary>
    public static bool XChaCha20Poly1305() => Aead(
        new XChaCha20Poly1305(),
        new XChaCha20Poly1305(),
        "404142434445464748494a4b4c4d4e4f5051525354555657",
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        + "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        + "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");

    /// <summary>RFC 7748, section 5.2, first vector; and the iterated vector of that section, once.</summary>
    public static bool X25519Agreement()
    {
        byte[] result = new byte[32];
        X25519.ScalarMult(
            Hex.Parse("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
            0,
            Hex.Parse("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
            0,
            result,
            0);
        bool first = Is(result, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");

        // The base point as an ordinary point: the library's shortcut for it would bring Ed25519's tables along.
        byte[] basePoint = new byte[32];
        basePoint[0] = 9;
        X25519.ScalarMult(basePoint, 0, basePoint, 0, result, 0);
        return first && Is(result, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }

    /// <summary>RFC 8032, section 7.1, tests 1 and 2; and another message does not verify.</summary>
    public static bool Ed25519Signature() =>
        Signs(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            [],
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
            + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
        && Signs(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            [0x72],
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

    /// <summary>
    /// ML-KEM-768 (FIPS 203): the accumulated vector of C2SP's CCTV. A hundred times: a key pair, an encapsulation, its
    /// decapsulation, and one of a random ciphertext; all inputs from one SHAKE128 stream, all outputs into another.
    /// </summary>
    public static bool MlKem768()
    {
        const int rounds = 100;
        const int publicKeyLength = 1184, ciphertextLength = 1088, secretLength = 32, seedLength = 64;
        object engine = CastleInternals.NewKemEngine(3);
        var inputs = new ShakeDigest(128);
        var outputs = new ShakeDigest(128);
        byte[] seed = new byte[seedLength];
        byte[] message = new byte[secretLength], secret = new byte[secretLength], again = new byte[secretLength];
        byte[] ciphertext = new byte[ciphertextLength];
        bool agreed = true;
        for (int i = 0; i < rounds; i++)
        {
            inputs.Output(seed);
            CastleInternals.GenerateKemKeyPair(engine, seed, out byte[] decapsulationKey);
            byte[] publicKey = CastleInternals.CopyEncapsulationKey(engine, decapsulationKey);
            agreed &= publicKey.Length == publicKeyLength;
            outputs.BlockUpdate(publicKey);

            inputs.Output(message);
            CastleInternals.Encapsulate(engine, publicKey, message, ciphertext, secret);
            outputs.BlockUpdate(ciphertext);
            outputs.BlockUpdate(secret);
            CastleInternals.Decapsulate(engine, decapsulationKey, ciphertext, again);
            agreed &= secret.AsSpan().SequenceEqual(again);

            inputs.Output(ciphertext);
            CastleInternals.Decapsulate(engine, decapsulationKey, ciphertext, secret);
            outputs.BlockUpdate(secret);
        }

        byte[] digest = new byte[32];
        outputs.Output(digest);
        return agreed && Is(digest, "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415");
    }

    private static bool Signs(string seed, string publicKey, byte[] message, string expected)
    {
        byte[] secret = Hex.Parse(seed), key = Hex.Parse(publicKey);
        byte[] signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(secret, 0, message, 0, message.Length, signature, 0);
        byte[] other = new byte[message.Length + 1];
        return Is(signature, expected)
            && Ed25519.Verify(signature, 0, key, 0, message, 0, message.Length)
            && !Ed25519.Verify(signature, 0, key, 0, other, 0, other.Length);
    }

    private static bool Aead(ChaCha20Poly1305 sealer, ChaCha20Poly1305 opener, string nonce, string expected)
    {
        byte[] plain = Sunscreen(), key = CountingKey();
        var parameters = new AeadParameters(
            new KeyParameter(key), 128, Hex.Parse(nonce), Hex.Parse(Associated));
        sealer.Init(true, parameters);
        byte[] cipher = new byte[plain.Length + 16];
        int done = sealer.ProcessBytes(plain, cipher);
        sealer.DoFinal(cipher.AsSpan(done));
        bool right = Is(cipher, expected) && Opens(opener, parameters, cipher);
        cipher[5] ^= 1;
        return right && !Opens(opener, parameters, cipher);
    }

    private static byte[] Sunscreen()
    {
        ReadOnlySpan<byte> start = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "u8;
        return [.. start, .. "the future, sunscreen would be it."u8];
    }

    private static byte[] CountingKey()
    {
        byte[] key = new byte[32];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)(0x80 + i);
        }

        return key;
    }

    private static unsafe byte[] SealPacket(byte[] key, string nonce, byte[] associated, byte[] text)
    {
        byte[] whole = Hex.Parse(nonce), packet = new byte[text.Length + PacketCipher.TagLength];
        byte* memory = stackalloc byte[PacketCipher.StateLength];
        var cipher = new PacketCipher(memory);
        cipher.SetKey(key, BinaryPrimitives.ReadUInt32LittleEndian(whole));
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(whole.AsSpan(sizeof(uint)));
        fixed (byte* a = associated, t = text, p = packet)
        {
            cipher.Seal(number, a, associated.Length, t, text.Length, p);
        }

        return packet;
    }

    private static bool Opens(ChaCha20Poly1305 opener, AeadParameters parameters, byte[] cipher)
    {
        opener.Init(false, parameters);
        byte[] plain = new byte[cipher.Length];
        try
        {
            int done = opener.ProcessBytes(cipher, plain);
            opener.DoFinal(plain.AsSpan(done));
            return true;
        }
        catch (InvalidCipherTextException)
        {
            return false;
        }
    }

    private static byte[] Digest(IDigest digest, ReadOnlySpan<byte> message)
    {
        digest.BlockUpdate(message);
        byte[] result = new byte[digest.GetDigestSize()];
        digest.DoFinal(result);
        return result;
    }

    private static byte[] Filled(int length, byte value)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static bool Is(byte[] actual, string expected) => Hex.Format(actual) == expected;
}
