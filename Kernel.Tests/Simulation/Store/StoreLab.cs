using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using HaukiOS.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Store;

/// <summary>What the tests of the store share.</summary>
public static class StoreLab
{
    /// <summary>The smallest disk: 16 segments.</summary>
    public const long SmallDisk = StoreGeometry.MinimumDiskSectors;

    public static SecretBytes Key(byte fill = 7)
    {
        SecretBytes key = new(32);
        key.Span.Fill(fill);
        return key;
    }

    public static SimulatedDisk Formatted(long sectors = SmallDisk, bool canLosePower = true)
    {
        SimulatedDisk disk = new(sectors, canLosePower);
        Assert.That(EncryptedStore.Format(disk, Key(), new SeededRandomSource(1)), Is.Null);
        return disk;
    }

    public static EncryptedStore Open(IBlockDevice disk, int seed = 2)
    {
        StoreOpening opening = EncryptedStore.Open(disk, Key(), new SeededRandomSource(seed));
        Assert.That(opening.Error?.Message, Is.Null);
        return opening.Store!;
    }

    public static void PutOk(EncryptedStore store, string name, ReadOnlySpan<byte> value)
    {
        // Not Assert.That: a million of them cost more than the store.
        if (store.Put(name, value) is StoreError error)
        {
            Assert.Fail($"put {name}: {error.Message}");
        }
    }

    public static void PutOk(EncryptedStore store, string name, string value) =>
        PutOk(store, name, Encoding.UTF8.GetBytes(value));

    public static string GetText(EncryptedStore store, string name)
    {
        StoreError? error = store.Get(name, out byte[] value);
        return error == null ? Encoding.UTF8.GetString(value) : $"error: {error.Message}";
    }

    public static byte[] Value(Random random, int length)
    {
        byte[] value = new byte[length];
        random.NextBytes(value);
        return value;
    }

    /// <summary>The store and the model must agree on every name and every value.</summary>
    public static void AssertSame(EncryptedStore store, Dictionary<string, byte[]> model, string context)
    {
        List<string> expected = [.. model.Keys];
        expected.Sort(string.CompareOrdinal);
        Assert.That(store.List(), Is.EqualTo(expected), context);
        foreach ((string name, byte[] value) in model)
        {
            if (store.Get(name, out byte[] found) is StoreError error)
            {
                Assert.Fail($"{context}: get {name}: {error.Message}");
            }
            if (!found.AsSpan().SequenceEqual(value))
            {
                Assert.Fail($"{context}: '{name}' has another value");
            }
        }
    }
}
