using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using HaukiOS.Store;

namespace HaukiOS.Conformance;

/// <summary>The encrypted store on a disk in memory: the same sectors on the host and on the metal.</summary>
public static class StoreCases
{
    private const long Sectors = StoreGeometry.MinimumDiskSectors;

    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddRecords(suite);
        AddValues(suite);
        AddRefusals(suite);
        AddDamage(suite);
        AddLongRuns(suite);
    }

    private static void AddRecords(Suite suite)
    {
        suite.Add("store: an empty disk is empty", () => Inspect(new MemoryDisk(Sectors)));
        suite.Add("store: a small disk is refused", () => Inspect(new MemoryDisk(100)));
        suite.Add("store: a foreign disk is not empty", () =>
        {
            MemoryDisk disk = new(Sectors);
            disk.Write(2, new CaseRandom(1).Bytes(512));
            return Inspect(disk);
        });
        suite.Add("store: formatting is unfinished until it is finished", () =>
        {
            MemoryDisk disk = new(Sectors);
            string first = $"{Volume.BeginFormat(disk)} {Inspect(disk)}";
            return $"{first} {Volume.FinishFormat(disk)} {Inspect(disk)} {disk.Digest()}";
        });
        suite.Add("store: one damaged marker is named", () =>
        {
            MemoryDisk disk = new(Sectors);
            Volume.BeginFormat(disk);
            Volume.FinishFormat(disk);
            disk.FlipBit(8, 100);
            return Inspect(disk);
        });
        suite.Add("store: a mirrored record counts its writes", () =>
        {
            MemoryDisk disk = new(Sectors);
            MirroredRecord record = MirroredRecord.ForAttempts(disk);
            record.Write("one"u8);
            record.Write("two"u8);
            record.Write("three"u8);
            RecordReading reading = record.Read();
            return $"{reading.State} {Encoding.UTF8.GetString(reading.Content)} {reading.Sequence} {disk.Digest()}";
        });
        suite.Add("store: a mirrored record survives one bad copy", () =>
        {
            MemoryDisk disk = new(Sectors);
            MirroredRecord record = MirroredRecord.ForLock(disk);
            record.WriteBoth("content"u8);
            disk.FlipBit(16, 520);
            string first = record.Read().Complaint ?? "-";
            disk.FlipBit(56, 520);
            return $"{first}; {record.Read().State}; {record.Read().Complaint}";
        });
    }

    private static void AddValues(Suite suite)
    {
        suite.Add("store: a new store is empty", () => Describe(Open(Formatted())));
        suite.Add("store: put and get", () => WithStore((_, store) => Put(store, "a", "1") + Get(store, "a")));
        suite.Add("store: a value is there after opening again", () => WithStore((disk, store) =>
            Put(store, "a", "1") + Put(store, "b", "2") + Describe(Open(disk))));
        suite.Add("store: an overwritten value is the newest", () => WithStore((disk, store) =>
            Put(store, "a", "1") + Put(store, "a", "2") + Get(store, "a") + Get(Open(disk), "a")));
        suite.Add("store: a deleted name is gone", () => WithStore((disk, store) =>
            Put(store, "a", "1") + Error(store.Delete("a")) + Get(store, "a") + Describe(Open(disk))));
        suite.Add("store: names are listed in ordinal order", () => WithStore((_, store) =>
        {
            foreach (string name in new[] { "b", "a", "ä", "B", "a/b", "10", "9" })
            {
                Put(store, name, name);
            }
            return string.Join(",", store.List());
        }));
        suite.Add("store: the kernel's own records are hidden", () => WithStore((_, store) =>
        {
            store.PutSystem("seed", "s"u8);
            string found = Error(store.GetSystem("seed", out byte[] value));
            return $"{store.List().Count} {found} {value.Length} {Error(store.DeleteSystem("seed"))}";
        }));
        suite.Add("store: a long value comes back", () => WithStore((disk, store) =>
        {
            byte[] value = new CaseRandom(5).Bytes(EncryptedStore.ValueBytesMax);
            string put = Error(store.Put("long", value));
            Open(disk).Get("long", out byte[] found);
            return $"{put} {found.Length} {found.AsSpan().SequenceEqual(value)}";
        }));
        suite.Add("store: an empty value comes back", () => WithStore((_, store) =>
            Put(store, "a", "") + Error(store.Get("a", out byte[] value)) + value.Length));
        suite.Add("store: a name of 255 bytes", () => WithStore((_, store) =>
            Put(store, new string('n', 255), "x") + Get(store, new string('n', 255))));
        suite.Add("store: a small put is one write and one flush", () => WithStore((disk, store) =>
        {
            Put(store, "a", "1");
            (int writes, int flushes) = (disk.Writes, disk.Flushes);
            Put(store, "b", "2");
            return $"{disk.Writes - writes} {disk.Flushes - flushes}";
        }));
        suite.Add("store: the same bytes reach the disk everywhere", () => WithStore((disk, store) =>
        {
            Put(store, "one", "eins");
            Put(store, "two", "zwei");
            store.Delete("one");
            return disk.Digest();
        }));
    }

    private static void AddRefusals(Suite suite)
    {
        suite.Add("store: an empty name", () => WithStore((_, store) => Put(store, "", "x")));
        suite.Add("store: a name that begins with NUL", () => WithStore((_, store) => Put(store, "\0sys/a", "x")));
        suite.Add("store: a name with half a pair", () => WithStore((_, store) => Put(store, "a" + '\ud800', "x")));
        suite.Add("store: a name that is too long", () =>
            WithStore((_, store) => Put(store, new string('n', 256), "x")));
        suite.Add("store: a value that is too long", () => WithStore((_, store) =>
            Error(store.Put("a", new byte[EncryptedStore.ValueBytesMax + 1]))));
        suite.Add("store: a name that is not there", () => WithStore((_, store) => Get(store, "nothing")));
        suite.Add("store: a wrong key", () =>
            Error(EncryptedStore.Open(Formatted(), Key(8), new CaseRandom(3)).Error));
        suite.Add("store: a disk without a store", () =>
            Error(EncryptedStore.Open(new MemoryDisk(Sectors), Key(7), new CaseRandom(3)).Error));
        suite.Add("store: a failed write", () => WithStore((disk, store) =>
        {
            Put(store, "a", "1");
            disk.NextWrite = BlockResult.MediumError;
            return Put(store, "a", "2") + Get(store, "a") + Put(store, "b", "3") + Describe(Open(disk));
        }));
        suite.Add("store: a failed flush", () => WithStore((disk, store) =>
        {
            disk.NextFlush = BlockResult.DeviceFault;
            return Put(store, "a", "2") + Describe(store);
        }));
        suite.Add("store: after disposing", () => WithStore((_, store) =>
        {
            Put(store, "a", "1");
            store.Dispose();
            return Get(store, "a");
        }));
    }

    private static void AddDamage(Suite suite)
    {
        suite.Add("store: a flipped bit in a value is named", () => WithStore((disk, store) =>
        {
            store.Put("a", new byte[2000]);
            disk.FlipBit(disk.LastWrite + 4, 9);
            return Get(store, "a");
        }));
        suite.Add("store: a lost overwrite does not bring back the older value", () => WithStore((disk, store) =>
        {
            Put(store, "a", "old");
            Put(store, "a", "new");
            Put(store, "b", "other");
            disk.FlipBit(disk.LastWrite - 1, 2000);
            return Describe(Open(disk));
        }));
        suite.Add("store: a torn last record leaves the state before it", () => WithStore((disk, store) =>
        {
            Put(store, "a", "old");
            Put(store, "a", "new");
            disk.FlipBit(disk.LastWrite, 2000);
            return Describe(Open(disk));
        }));
        suite.Add("store: one bad copy of the store's header", () => WithStore((disk, store) =>
        {
            Put(store, "a", "1");
            disk.FlipBit(VolumeLayout.StoreHeaderB.First, 600);
            return Describe(Open(disk));
        }));
        suite.Add("store: one bad copy of a segment's header", () => WithStore((disk, store) =>
        {
            Put(store, "a", "1");
            disk.FlipBit(disk.LastWrite, 600);
            return Describe(Open(disk));
        }));
    }

    private static void AddLongRuns(Suite suite)
    {
        suite.Add("store: 1500 changes through checkpoints", () => Churn(1500, 40, 900));
        suite.Add("store: 600 changes of large values", () => Churn(600, 12, 20_000));
        suite.Add("store: a full store says so and goes on", () => WithStore((disk, store) =>
        {
            CaseRandom random = new(6);
            int count = 0;
            StoreError? error = null;
            while (error == null)
            {
                error = store.Put($"n{count++}", random.Bytes(9000));
            }
            string after = Error(store.Delete("n0")) + Error(store.Put("n1", random.Bytes(9000)));
            return $"{count} {error.Message} {after} {Describe(Open(disk)).Length}";
        }));
    }

    private static string Churn(int changes, int names, int lengthMax) => WithStore((disk, store) =>
    {
        CaseRandom random = new(9);
        Dictionary<string, int> model = [];
        for (int i = 0; i < changes; i++)
        {
            string name = $"n{random.Next(names)}";
            if (random.Next(7) == 0 && model.Remove(name))
            {
                store.Delete(name);
                continue;
            }
            byte[] value = random.Bytes(random.Next(lengthMax));
            store.Put(name, value);
            model[name] = value.Length;
        }
        EncryptedStore again = Open(disk);
        int wrong = again.List().Count == model.Count ? 0 : 1;
        foreach ((string name, int length) in model)
        {
            wrong += again.Get(name, out byte[] found) == null && found.Length == length ? 0 : 1;
        }
        StoreStatus status = store.Status;
        return $"{wrong} wrong, {status.Checkpoints} checkpoints, {status.Records} records, {disk.Digest()}";
    });

    private static string WithStore(Func<MemoryDisk, EncryptedStore, string> act)
    {
        MemoryDisk disk = Formatted();
        return act(disk, Open(disk));
    }

    private static MemoryDisk Formatted()
    {
        MemoryDisk disk = new(Sectors);
        EncryptedStore.Format(disk, Key(7), new CaseRandom(1));
        return disk;
    }

    private static EncryptedStore Open(MemoryDisk disk)
    {
        StoreOpening opening = EncryptedStore.Open(disk, Key(7), new CaseRandom(2 + (ulong)disk.Writes));
        return opening.Store ?? throw new InvalidOperationException(opening.Error!.Message);
    }

    private static SecretBytes Key(byte fill)
    {
        SecretBytes key = new(32);
        key.Span.Fill(fill);
        return key;
    }

    private static string Inspect(MemoryDisk disk) => $"{Volume.Inspect(disk, out string? message)} {message ?? "-"}";

    private static string Error(StoreError? error) => error == null ? "ok;" : $"{error.Kind}: {error.Message};";

    private static string Put(EncryptedStore store, string name, string value) =>
        Error(store.Put(name, Encoding.UTF8.GetBytes(value)));

    private static string Get(EncryptedStore store, string name)
    {
        StoreError? error = store.Get(name, out byte[] value);
        return error == null ? $"'{Encoding.UTF8.GetString(value)}';" : Error(error);
    }

    private static string Describe(EncryptedStore store)
    {
        StringBuilder text = new();
        foreach (string name in store.List())
        {
            text.Append(name).Append('=').Append(Get(store, name));
        }
        foreach (string notice in store.Notices.Lines)
        {
            text.Append(" [").Append(notice).Append(']');
        }
        StoreStatus status = store.Status;
        return text.Append($" {status.Names} names, {status.UsedBytes} of {status.CapacityBytes}").ToString();
    }
}
