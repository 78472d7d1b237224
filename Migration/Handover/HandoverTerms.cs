using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HaukiOS.Hardware;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Migration;

/// <summary>
/// What one side has to know of a hand-over as long as it may be asked about it. Its size is fixed, so that it can be
/// copied and written while the node stands still. Little endian:
/// <code>
/// 0   16  the hand-over
/// 16   8  the session on the wire
/// 24   6  the other machine's station address
/// 30   2  zero
/// 32  32  own token: target run, source settled; zero once it must not be shown any more, as the next
/// 64  32  own token: target abort, source reclaimed
/// 96  32  SHA-256 of the other side's first token
/// 128 32  SHA-256 of the other side's second token
/// 160 32  the node's public key, zero if it has none that is known
/// 192 48  the fingerprint of the other side's key, as text, zero at the end
/// 240  6  the station address that the node has, wherever it is; zero if none was noted
/// 246  2  zero
/// </code>
/// </summary>
public sealed class HandoverTerms
{
    /// <summary>Bytes of the identity of a hand-over.</summary>
    public const int IdLength = 16;

    /// <summary>Bytes of the node's public key.</summary>
    public const int NodeKeyLength = 32;

    /// <summary>The longest text of a fingerprint.</summary>
    public const int FingerprintMax = 48;

    /// <summary>Bytes of all of it.</summary>
    internal const int Length = 248;

    private const int TokenLength = HandoverTokens.Length;
    private readonly byte[] bytes = new byte[Length];
    private readonly Sha256Digest digest = new();

    /// <summary>The hand-over.</summary>
    public ReadOnlySpan<byte> Id => bytes.AsSpan(0, IdLength);

    /// <summary>The session on the wire; 0 if there is none.</summary>
    public ulong Session => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16));

    /// <summary>The other machine's station address.</summary>
    public MacAddress Peer => MacAddress.Read(bytes.AsSpan(24));

    /// <summary>The node's public key, <see cref="NodeKeyLength"/> bytes; empty if it is not known.</summary>
    public ReadOnlySpan<byte> NodeKey =>
        bytes.AsSpan(160, NodeKeyLength).ContainsAnyExcept((byte)0) ? bytes.AsSpan(160, NodeKeyLength) : default;

    /// <summary>The station address that the node has, wherever it is; default if none was noted.</summary>
    public MacAddress Station => MacAddress.Read(bytes.AsSpan(240));

    /// <summary>The fingerprint of the other side's key.</summary>
    public string PeerFingerprint
    {
        get
        {
            int length = 0;
            while (length < FingerprintMax && bytes[192 + length] != 0)
            {
                length++;
            }

            return Encoding.ASCII.GetString(bytes.AsSpan(192, length));
        }
    }

    /// <summary>Own token: target run, source settled.</summary>
    internal ReadOnlySpan<byte> FirstToken => bytes.AsSpan(32, TokenLength);

    /// <summary>Own token: target abort, source reclaimed.</summary>
    internal ReadOnlySpan<byte> SecondToken => bytes.AsSpan(64, TokenLength);

    /// <summary>SHA-256 of the other side's first token.</summary>
    internal ReadOnlySpan<byte> FirstHash => bytes.AsSpan(96, TokenLength);

    /// <summary>SHA-256 of the other side's second token.</summary>
    internal ReadOnlySpan<byte> SecondHash => bytes.AsSpan(128, TokenLength);

    /// <summary>All of it.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The terms of the side that the node leaves.</summary>
    /// <param name="id">The hand-over.</param>
    /// <param name="session">The session on the wire.</param>
    /// <param name="peer">The target's station address.</param>
    /// <param name="peerFingerprint">The fingerprint of its key.</param>
    /// <param name="linkKey">The key of what the source sends.</param>
    /// <param name="runHash">SHA-256 of the token that lets the source go.</param>
    /// <param name="abortHash">SHA-256 of the token that lets the source go on.</param>
    public static HandoverTerms ForSource(
        ReadOnlySpan<byte> id,
        ulong session,
        MacAddress peer,
        string peerFingerprint,
        ReadOnlySpan<byte> linkKey,
        ReadOnlySpan<byte> runHash,
        ReadOnlySpan<byte> abortHash)
    {
        var terms = new HandoverTerms();
        terms.Begin(id, session, peer, peerFingerprint);
        HandoverTokens.OfSource(linkKey, id, false, terms.bytes.AsSpan(32, TokenLength));
        HandoverTokens.OfSource(linkKey, id, true, terms.bytes.AsSpan(64, TokenLength));
        runHash[..TokenLength].CopyTo(terms.bytes.AsSpan(96));
        abortHash[..TokenLength].CopyTo(terms.bytes.AsSpan(128));
        return terms;
    }

    /// <summary>The terms of the side at which the node arrives.</summary>
    /// <param name="id">The hand-over.</param>
    /// <param name="session">The session on the wire.</param>
    /// <param name="peer">The source's station address.</param>
    /// <param name="peerFingerprint">The fingerprint of its key.</param>
    /// <param name="linkKey">The key of what the source sends.</param>
    /// <param name="runToken">The token that lets the source go.</param>
    /// <param name="abortToken">The token that lets the source go on.</param>
    public static HandoverTerms ForTarget(
        ReadOnlySpan<byte> id,
        ulong session,
        MacAddress peer,
        string peerFingerprint,
        ReadOnlySpan<byte> linkKey,
        ReadOnlySpan<byte> runToken,
        ReadOnlySpan<byte> abortToken)
    {
        var terms = new HandoverTerms();
        terms.Begin(id, session, peer, peerFingerprint);
        runToken[..TokenLength].CopyTo(terms.bytes.AsSpan(32));
        abortToken[..TokenLength].CopyTo(terms.bytes.AsSpan(64));
        Span<byte> token = stackalloc byte[TokenLength];
        HandoverTokens.OfSource(linkKey, id, false, token);
        HandoverTokens.Hash(token, terms.bytes.AsSpan(96, TokenLength));
        HandoverTokens.OfSource(linkKey, id, true, token);
        HandoverTokens.Hash(token, terms.bytes.AsSpan(128, TokenLength));
        CryptographicOperations.ZeroMemory(token);
        return terms;
    }

    /// <summary>Notes the node's public key, so that it can come back without a code.</summary>
    public void SetNodeKey(ReadOnlySpan<byte> key) => key[..NodeKeyLength].CopyTo(bytes.AsSpan(160));

    /// <summary>Notes the node's station address, so that a target that is switched on again has it.</summary>
    public void SetStation(MacAddress station) => station.Write(bytes.AsSpan(240));

    /// <summary>Which of the other side's tokens is this? Allocates nothing.</summary>
    /// <returns>1 or 2; 0 if it is none.</returns>
    internal int Recognise(ReadOnlySpan<byte> token)
    {
        if (token.Length != TokenLength)
        {
            return 0;
        }

        Span<byte> hash = stackalloc byte[TokenLength];
        digest.Reset();
        digest.BlockUpdate(token);
        digest.DoFinal(hash);
        return hash.SequenceEqual(FirstHash) ? 1 : hash.SequenceEqual(SecondHash) ? 2 : 0;
    }

    /// <summary>Forgets everything.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(bytes);

    /// <summary>Is it the same hand-over?</summary>
    internal bool IsSameAs(HandoverTerms other) => Id.SequenceEqual(other.Id);

    internal HandoverTerms Copy()
    {
        var copy = new HandoverTerms();
        copy.CopyFrom(bytes);
        return copy;
    }

    internal void CopyFrom(ReadOnlySpan<byte> from) => from[..Length].CopyTo(bytes);

    internal void WipeFirstToken() => CryptographicOperations.ZeroMemory(bytes.AsSpan(32, TokenLength));

    internal void WipeSecondToken() => CryptographicOperations.ZeroMemory(bytes.AsSpan(64, TokenLength));

    private void Begin(ReadOnlySpan<byte> id, ulong session, MacAddress peer, string peerFingerprint)
    {
        id[..IdLength].CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), session);
        peer.Write(bytes.AsSpan(24));
        Span<byte> text = bytes.AsSpan(192, FingerprintMax);
        for (int i = 0; i < FingerprintMax && i < peerFingerprint.Length; i++)
        {
            text[i] = (byte)peerFingerprint[i];
        }
    }
}
