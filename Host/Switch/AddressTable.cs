using System;

namespace HaukiOS.Host.Switch;

/// <summary>
/// Which station was last heard on which port: what makes a hub a switch. The table has a fixed size; a flood of
/// invented addresses pushes out the oldest ones, whose frames then go to every port again.
/// </summary>
public sealed class AddressTable
{
    /// <summary>Stations that are remembered at most.</summary>
    public const int Capacity = Sets * Ways;

    /// <summary>No port is known.</summary>
    public const int Unknown = -1;

    /// <summary>A station that was silent for this long is forgotten (IEEE 802.1Q-2014, table 8-6).</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(300);

    private const int Ways = 4;
    private const int Sets = 256;

    private readonly Entry[] entries = new Entry[Capacity];

    private struct Entry
    {
        public ulong Address;
        public int Port;
        public TimeSpan Heard;
        public bool IsUsed;
    }

    /// <summary>Remembers that a station was heard.</summary>
    public void Learn(ulong address, int port, TimeSpan now)
    {
        var set = SetOf(address);
        var oldest = 0;
        for (var way = 0; way < Ways; way++)
        {
            ref var entry = ref set[way];
            if (entry.IsUsed && entry.Address == address)
            {
                oldest = way;
                break;
            }

            if (!entry.IsUsed || (set[oldest].IsUsed && entry.Heard < set[oldest].Heard))
            {
                oldest = way;
            }
        }

        set[oldest] = new Entry { Address = address, Port = port, Heard = now, IsUsed = true };
    }

    /// <summary>The port of a station, or <see cref="Unknown"/>.</summary>
    public int Find(ulong address, TimeSpan now)
    {
        foreach (ref readonly var entry in SetOf(address))
        {
            if (entry.IsUsed && entry.Address == address)
            {
                return now - entry.Heard < Age ? entry.Port : Unknown;
            }
        }

        return Unknown;
    }

    /// <summary>Forgets every station.</summary>
    public void Clear() => Array.Clear(entries);

    private Span<Entry> SetOf(ulong address)
    {
        var hash = (address * 0x9E37_79B9_7F4A_7C15) >> 56;
        return entries.AsSpan((int)hash * Ways, Ways);
    }
}
