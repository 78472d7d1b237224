using System;
using System.Numerics;

namespace HaukiOS.Net;

/// <summary>
/// All connections, found by their two ends. The hash is strongly universal under a secret key (multilinear: each word
/// of the ends times a word of the key, the high half of the sum), so nobody outside can choose ends that meet in one
/// chain; and no chain can be longer than the table's bound.
/// </summary>
internal sealed class TcpTable
{
    private readonly TcpConnection?[] buckets;
    private readonly TcpConnection?[] all;
    private readonly uint mask;
    private readonly ulong keyStart;
    private readonly ulong keyLocal;
    private readonly ulong keyRemote;
    private readonly ulong keyPorts;

    // Segments come in bursts: the connection of the last one is the likeliest for the next.
    private TcpConnection? recent;

    internal TcpTable(int capacity, TcpNumbers numbers)
    {
        all = new TcpConnection?[capacity];
        buckets = new TcpConnection?[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        mask = (uint)buckets.Length - 1;
        keyStart = numbers.TableKey(0);
        keyLocal = numbers.TableKey(1);
        keyRemote = numbers.TableKey(2);
        keyPorts = numbers.TableKey(3);
    }

    /// <summary>Connections in the table.</summary>
    internal int Count { get; private set; }

    /// <summary>Is there no room for another?</summary>
    internal bool IsFull => Count == all.Length;

    /// <summary>Connection number <paramref name="index"/>; the order changes when one is removed.</summary>
    internal TcpConnection At(int index) =>
        index < Count ? all[index]! : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Finds the connection between two ends.</summary>
    internal TcpConnection? Find(Ipv4Address local, ushort localPort, Ipv4Address remote, ushort remotePort)
    {
        if (recent is not null && recent.IsBetween(local, localPort, remote, remotePort))
        {
            return recent;
        }

        TcpConnection? found = buckets[BucketOf(local, localPort, remote, remotePort)];
        while (found is not null && !found.IsBetween(local, localPort, remote, remotePort))
        {
            found = found.NextInBucket;
        }

        recent = found ?? recent;
        return found;
    }

    /// <summary>Puts a connection in. There is room, and none between the same ends.</summary>
    internal void Add(TcpConnection connection)
    {
        ref TcpConnection? bucket = ref BucketOf(connection);
        connection.NextInBucket = bucket;
        bucket = connection;
        connection.TableIndex = Count;
        all[Count++] = connection;
    }

    /// <summary>Takes a connection out.</summary>
    internal void Remove(TcpConnection connection)
    {
        ref TcpConnection? link = ref BucketOf(connection);
        while (link != connection)
        {
            link = ref link!.NextInBucket;
        }

        link = connection.NextInBucket;
        connection.NextInBucket = null;

        TcpConnection last = all[--Count]!;
        all[connection.TableIndex] = last;
        last.TableIndex = connection.TableIndex;
        all[Count] = null;
        connection.TableIndex = -1;
        recent = recent == connection ? null : recent;
    }

    private ref TcpConnection? BucketOf(TcpConnection connection) =>
        ref buckets[BucketOf(
            connection.Local.Address, connection.Local.Port, connection.Remote.Address, connection.Remote.Port)];

    private uint BucketOf(Ipv4Address local, ushort localPort, Ipv4Address remote, ushort remotePort)
    {
        uint ports = ((uint)localPort << 16) | remotePort;
        ulong sum = keyStart + (keyLocal * local.Value) + (keyRemote * remote.Value) + (keyPorts * ports);
        return (uint)(sum >> 32) & mask;
    }
}
