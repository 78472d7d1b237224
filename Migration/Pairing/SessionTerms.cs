using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Swarm;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Migration;

/// <summary>
/// What two machines have agreed on: all that a move needs to begin. Both shares of the keys went through the channel,
/// so that a weak generator on one side alone gives nothing away. Whoever holds the terms disposes of them.
/// </summary>
public sealed class SessionTerms : IDisposable
{
    /// <summary>Bytes of a key of the link, and of a token.</summary>
    public const int KeyLength = 32;

    /// <summary>Is this the machine that the node leaves?</summary>
    public required bool IsSource { get; init; }

    /// <summary>Names the session in every frame of the link.</summary>
    public required ulong Session { get; init; }

    /// <summary>The identity of the hand-over, <see cref="MoveAnswer.HandoverIdLength"/> bytes.</summary>
    public required byte[] HandoverId { get; init; }

    /// <summary>The key of what this side sends over the link.</summary>
    public required byte[] SendKey { get; init; }

    /// <summary>The key of what this side receives over the link.</summary>
    public required byte[] ReceiveKey { get; init; }

    /// <summary>The token that lets the source go; null on the source.</summary>
    public byte[]? RunToken { get; init; }

    /// <summary>The token that lets the source go on; null on the source.</summary>
    public byte[]? AbortToken { get; init; }

    /// <summary>SHA-256 of the token that lets the source go.</summary>
    public required byte[] RunHash { get; init; }

    /// <summary>SHA-256 of the token that lets the source go on.</summary>
    public required byte[] AbortHash { get; init; }

    /// <summary>The machine at the other end.</summary>
    public required MoveSide PeerSide { get; init; }

    /// <summary>Its station address.</summary>
    public MacAddress Peer => PeerSide.Station;

    /// <summary>What it is.</summary>
    public MachineProfile PeerProfile => PeerSide.Profile;

    /// <summary>Bytes that a burst towards it may have.</summary>
    public int PeerReceiveCapacity => PeerSide.ReceiveCapacity;

    /// <summary>Its static key, which it has proved.</summary>
    public required byte[] PeerKey { get; init; }

    /// <summary>The static key of the node that moves: the source's.</summary>
    public required byte[] NodeKey { get; init; }

    /// <summary>What people compare <see cref="PeerKey"/> by.</summary>
    public string PeerFingerprint => Fingerprint.Of(PeerKey).ToString();

    /// <summary>What is to move: the same on both sides.</summary>
    public required MoveOffer Offer { get; init; }

    /// <summary>Wipes keys and tokens.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(SendKey);
        CryptographicOperations.ZeroMemory(ReceiveKey);
        CryptographicOperations.ZeroMemory(RunToken);
        CryptographicOperations.ZeroMemory(AbortToken);
    }

    /// <summary>SHA-256 of a token (FIPS 180-4).</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> token)
    {
        byte[] hash = new byte[MoveAnswer.HashLength];
        var digest = new Sha256Digest();
        digest.BlockUpdate(token);
        digest.DoFinal(hash);
        return hash;
    }

    /// <summary>The key of one direction of the link.</summary>
    /// <param name="channel">Names the channel in which the shares were exchanged.</param>
    /// <param name="source">The source's share.</param>
    /// <param name="target">The target's share.</param>
    /// <param name="fromSource">The direction.</param>
    internal static byte[] DeriveKey(
        ReadOnlySpan<byte> channel, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, bool fromSource)
    {
        byte[] key = GC.AllocateArray<byte>(KeyLength, pinned: true);
        var digest = new Blake2sDigest(8 * KeyLength);
        digest.BlockUpdate(fromSource ? "hauki move 1 from source"u8 : "hauki move 1 from target"u8);
        digest.BlockUpdate(channel);
        digest.BlockUpdate(source);
        digest.BlockUpdate(target);
        digest.DoFinal(key);
        return key;
    }
}
