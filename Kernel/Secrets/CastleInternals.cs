using System;
using System.Runtime.CompilerServices;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Secrets;

/// <summary>
/// The few members of BouncyCastle that it does not publish and that we need: to wipe a key that it copied, and to
/// reach algorithms past conveniences that would drag half of a framework into the kernel (environment variables,
/// ASN.1, reflection). Bound by name when the image is compiled; a test on the host calls every one of them.
/// </summary>
public static class CastleInternals
{
    private const string KemEngine = "Org.BouncyCastle.Crypto.Kems.MLKem.MLKemEngine, BouncyCastle.Cryptography";

    /// <summary>Wipes the copy of a key that <paramref name="parameter"/> holds.</summary>
    public static void Wipe(KeyParameter parameter) => Array.Clear(KeyOf(parameter));

    /// <summary>Argon2id parameters, version 1.3, without a converter for passwords.</summary>
    public static Argon2Parameters Argon2id(
        byte[] salt, byte[] secret, byte[] associated, int passes, int kib, int lanes)
    {
        const int TypeId = 2;
        const int Version = 0x13;
        return NewArgon2Parameters(TypeId, salt, secret, associated, passes, kib, lanes, Version, null);
    }

    /// <summary>An ML-KEM engine; rank 3 is ML-KEM-768.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(KemEngine)]
    public static extern object NewKemEngine(int rank);

    /// <summary>FIPS 203 key generation from the two seeds d ‖ z.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GenerateKemKeyPairInternal")]
    public static extern void GenerateKemKeyPair(
        [UnsafeAccessorType(KemEngine)] object engine, byte[] seed, out byte[] decapsulationKey);

    /// <summary>The encapsulation key within a decapsulation key.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CopyEncapKey")]
    public static extern byte[] CopyEncapsulationKey(
        [UnsafeAccessorType(KemEngine)] object engine, byte[] decapsulationKey);

    /// <summary>FIPS 203 encapsulation with 32 random bytes.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "KemEncrypt")]
    public static extern void Encapsulate(
        [UnsafeAccessorType(KemEngine)] object engine,
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> random,
        Span<byte> ciphertext,
        Span<byte> secret);

    /// <summary>FIPS 203 decapsulation.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "KemDecrypt")]
    public static extern void Decapsulate(
        [UnsafeAccessorType(KemEngine)] object engine,
        ReadOnlySpan<byte> decapsulationKey,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> secret);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_key")]
    private static extern ref byte[] KeyOf(KeyParameter parameter);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Argon2Parameters NewArgon2Parameters(
        int type,
        byte[] salt,
        byte[] secret,
        byte[] additional,
        int iterations,
        int memory,
        int lanes,
        int version,
        ICharToByteConverter? converter);
}
