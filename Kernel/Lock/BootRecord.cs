using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HaukiOS.Net;

namespace HaukiOS.Lock;

/// <summary>
/// What a node needs before anything can be decrypted, and what therefore lies on the disk in clear: its network, the
/// key by which an operator recognises it, and the operators that have unlocked it before. Format 1, little endian:
/// <code>
/// 0    4  "HKBT"
/// 4    2  format, 1
/// 6    1  flags: 1 the lock may be answered over the network
/// 7    1  where the address comes from: 0 nowhere, 1 DHCP, 2 the next fields, which are zero otherwise
/// 8   32  boot key, private (X25519, RFC 7748)
/// 40   4  address, big endian as on the wire, as are
/// 44   4  gateway
/// 48   1  prefix length
/// 49   1  number of known operators
/// 50   2  zero
/// 52      public keys of known operators, 32 each, the one that came last at the end
/// </code>
/// What somebody gains who reads or changes it is told in docs/lock.md.
/// </summary>
public sealed class BootRecord
{
    /// <summary>Operators that are remembered; one more makes the one that has been away longest a stranger.</summary>
    public const int OperatorsMax = 8;

    /// <summary>Bytes of a key of either kind.</summary>
    public const int KeyLength = 32;

    private const int HeaderLength = 52;
    private const ushort Format = 1;
    private const int UnlockFlag = 1;

    /// <summary>A record with its boot key, and otherwise as enrolment makes it.</summary>
    /// <param name="bootKey">Private, random, <see cref="KeyLength"/> bytes.</param>
    public BootRecord(byte[] bootKey) => BootKey = bootKey;

    /// <summary>The private half of the boot key.</summary>
    public byte[] BootKey { get; }

    /// <summary>How the node comes to its address.</summary>
    public NetworkSettings Network { get; set; } = NetworkSettings.Dhcp;

    /// <summary>May the lock be answered over the network?</summary>
    public bool AllowsNetworkUnlock { get; set; } = true;

    /// <summary>
    /// The public keys of operators who have opened this lock over the network. They have a counter of wrong attempts
    /// of their own, so that strangers cannot make them wait. Read it; <see cref="Remember"/> and clearing write it.
    /// </summary>
    public List<byte[]> Operators { get; } = [];

    /// <summary>Is this an operator who has opened the lock before?</summary>
    public bool Knows(ReadOnlySpan<byte> publicKey) => IndexOf(publicKey) >= 0;

    /// <summary>Notes an operator as the latest one.</summary>
    /// <returns>True if that changes the record.</returns>
    public bool Remember(ReadOnlySpan<byte> publicKey)
    {
        int known = IndexOf(publicKey);
        if (known >= 0 && known == Operators.Count - 1)
        {
            return false;
        }

        if (known >= 0)
        {
            Operators.RemoveAt(known);
        }
        else if (Operators.Count == OperatorsMax)
        {
            Operators.RemoveAt(0);
        }

        Operators.Add(publicKey.ToArray());
        return true;
    }

    /// <summary>The bytes for the disk.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[HeaderLength + (KeyLength * Operators.Count)];
        "HKBT"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), Format);
        bytes[6] = (byte)(AllowsNetworkUnlock ? UnlockFlag : 0);
        bytes[7] = (byte)Network.Source;
        BootKey.CopyTo(bytes.AsSpan(8));
        Network.Configuration.Address.Write(bytes.AsSpan(40));
        Network.Configuration.Gateway.Write(bytes.AsSpan(44));
        bytes[48] = (byte)Network.Configuration.PrefixLength;
        bytes[49] = (byte)Operators.Count;
        for (int i = 0; i < Operators.Count; i++)
        {
            Operators[i].CopyTo(bytes.AsSpan(HeaderLength + (i * KeyLength)));
        }

        return bytes;
    }

    /// <summary>Reads a record. Accepts exactly what <see cref="Encode"/> makes, and nothing else.</summary>
    /// <param name="bytes">The whole record.</param>
    /// <param name="record">The record, if it is one.</param>
    /// <param name="reason">Why it is none, for people.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out BootRecord? record, out string? reason)
    {
        record = null;
        reason = "the boot record is none";
        if (bytes.Length < HeaderLength || !bytes[..4].SequenceEqual("HKBT"u8))
        {
            return false;
        }

        int format = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (format > Format)
        {
            reason = $"the boot record has format {format}; this HaukiOS knows {Format}: a newer one wrote it";
            return false;
        }

        int flags = bytes[6];
        int operators = bytes[49];
        var network = new NetworkSettings(
            (AddressSource)bytes[7],
            new InterfaceConfiguration(Ipv4Address.Read(bytes[40..]), bytes[48], Ipv4Address.Read(bytes[44..])));
        reason = "the boot record contradicts itself";
        if (format != Format
            || (flags & ~UnlockFlag) != 0
            || operators > OperatorsMax
            || bytes.Length != HeaderLength + (operators * KeyLength)
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[50..]) != 0
            || !IsSound(network))
        {
            return false;
        }

        var read = new BootRecord(bytes.Slice(8, KeyLength).ToArray())
        {
            Network = network,
            AllowsNetworkUnlock = (flags & UnlockFlag) != 0,
        };
        for (int i = 0; i < operators; i++)
        {
            ReadOnlySpan<byte> key = bytes.Slice(HeaderLength + (i * KeyLength), KeyLength);
            if (read.Knows(key))
            {
                return false;
            }

            read.Operators.Add(key.ToArray());
        }

        record = read;
        reason = null;
        return true;
    }

    /// <summary>Can this be kept? The length of datagrams is the wire's business and not kept.</summary>
    public static bool IsSound(NetworkSettings network) => network.Source switch
    {
        AddressSource.Off or AddressSource.Dhcp => network.Configuration == default,
        AddressSource.Fixed => network.Configuration.IsValid && network.Configuration.Mtu == 0,
        _ => false,
    };

    private int IndexOf(ReadOnlySpan<byte> publicKey)
    {
        for (int i = 0; i < Operators.Count; i++)
        {
            if (publicKey.SequenceEqual(Operators[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
