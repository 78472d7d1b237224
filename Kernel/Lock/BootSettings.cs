using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;
using HaukiOS.Store;
using HaukiOS.Swarm;

namespace HaukiOS.Lock;

/// <summary>
/// The boot record as the running kernel has it. The console reads it when it looks at the disk; the network, which
/// is up before that, sees the change by <see cref="Version"/> and is woken by <see cref="Changed"/>.
/// </summary>
public sealed class BootSettings
{
    private IBlockDevice? place;

    /// <summary>The record; null while no disk with one has been found.</summary>
    public BootRecord? Record { get; private set; }

    /// <summary>Is it the record of a node that is on another machine? Then its address is in use there.</summary>
    public bool IsOfAnother { get; set; }

    /// <summary>How the node comes to its address. DHCP until something else is known.</summary>
    public NetworkSettings Network =>
        Record is null || IsOfAnother ? NetworkSettings.Dhcp : Record.Network;

    /// <summary>The boot key; null without a record. Lives until the next change.</summary>
    public KeyPair? Key { get; private set; }

    /// <summary>What people compare the boot key by; null without a record.</summary>
    public string? Fingerprint { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Version { get; private set; }

    /// <summary>Has the disk been looked at? Before that, <see cref="Network"/> is only a guess.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Set with every change.</summary>
    public PendingBit? Changed { get; set; }

    /// <summary>Reads the record of a disk.</summary>
    /// <param name="disk">Where records are kept from now on; null if the machine has no disk.</param>
    /// <param name="isVolume">Is it a HaukiOS volume, so that there can be a record?</param>
    /// <returns>A sentence for people, or null if there is nothing to say.</returns>
    public string? Load(IBlockDevice? disk, bool isVolume)
    {
        place = disk;
        BootRecord? read = null;
        string? complaint = null;
        if (disk is not null && isVolume)
        {
            RecordReading reading = MirroredRecord.ForBoot(disk).Read();
            complaint = reading.Complaint;
            if (reading.State == RecordState.Present
                && !BootRecord.TryDecode(reading.Content, out read, out string? reason))
            {
                complaint = reason;
            }
        }

        Take(read);
        return complaint;
    }

    /// <summary>
    /// Puts a changed or a new record onto the disk, over both copies: a boot key given up leaves no trace.
    /// </summary>
    /// <returns>Null on success.</returns>
    public StoreError? Save(BootRecord record)
    {
        StoreError? error = place is null
            ? new StoreError(StoreErrorKind.Invalid, "there is no disk to keep it on")
            : MirroredRecord.ForBoot(place).WriteBoth(record.Encode());
        if (error is null)
        {
            Take(record);
        }

        return error;
    }

    private void Take(BootRecord? record)
    {
        if (Record is null || record is null || !record.BootKey.AsSpan().SequenceEqual(Record.BootKey))
        {
            Key?.Dispose();
            Key = record is null ? null : new KeyPair(record.BootKey);
            Fingerprint = Key is null ? null : HaukiOS.Swarm.Fingerprint.Of(Key.PublicKey).ToString();
        }

        Record = record;
        IsKnown = true;
        Version++;
        Changed?.Set();
    }
}
