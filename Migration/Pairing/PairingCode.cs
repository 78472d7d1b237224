using System;
using System.Security.Cryptography;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Migration;

/// <summary>
/// What a person carries from the machine that stands by to the one whose node is to move: 80 random bits, as sixteen
/// characters of Crockford's base 32 in four groups. It is good for one move and a few minutes; so many bits besides,
/// that trying them all against a recorded handshake takes longer than it matters.
/// </summary>
public sealed class PairingCode : IDisposable
{
    /// <summary>Bytes of a code.</summary>
    public const int Length = 10;

    private readonly SecretBytes bytes = new(Length);

    private PairingCode(ReadOnlySpan<byte> code)
    {
        code.CopyTo(bytes.Span);
        Span<byte> hash = stackalloc byte[HandshakeState.PskLength];
        var digest = new Blake2sDigest(8 * HandshakeState.PskLength);
        digest.BlockUpdate("hauki pairing code 1"u8);
        digest.BlockUpdate(code);
        digest.DoFinal(hash);
        hash.CopyTo(Key.Span);
        CryptographicOperations.ZeroMemory(hash);
    }

    /// <summary>The key of a handshake that follows from the code.</summary>
    public SecretBytes Key { get; } = new(HandshakeState.PskLength);

    /// <summary>A new code.</summary>
    public static PairingCode Generate(IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[Length];
        random.Fill(drawn);
        var code = new PairingCode(drawn);
        CryptographicOperations.ZeroMemory(drawn);
        return code;
    }

    /// <summary>Reads what a person typed; forgives small letters, blanks, hyphens, o for 0 and i or l for 1.</summary>
    public static bool TryParse(string text, out PairingCode? code)
    {
        Span<byte> read = stackalloc byte[Length];
        bool isOne = CrockfordBase32.TryRead(Encoding.UTF8.GetBytes(text), read);
        code = isOne ? new PairingCode(read) : null;
        CryptographicOperations.ZeroMemory(read);
        return isOne;
    }

    /// <summary>The code as people read it.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[CrockfordBase32.TextLength(Length)];
        CrockfordBase32.Write(bytes.Span, text);
        string made = Encoding.ASCII.GetString(text);
        CryptographicOperations.ZeroMemory(text);
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bytes.Dispose();
        Key.Dispose();
    }
}
