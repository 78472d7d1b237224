using System;
using System.Collections.Generic;
using HaukiOS.Lock;
using HaukiOS.Store;

namespace HaukiOS.Swarm;

/// <summary>
/// The operators who may move the node: those who have opened its lock over the network. The boot record, which knows
/// them too, lies on the disk in clear; whoever can write to the disk could put a key there, and then have an open node
/// come over, keys and all. So while the store is open, only the list inside it counts. A locked node holds no secrets
/// in its memory, and the boot record is enough.
/// </summary>
public static class TrustedOperators
{
    private const string RecordName = "operators";
    private const byte Version = 1;
    private const int HeaderLength = 2;

    /// <summary>May this operator move the node?</summary>
    public static bool Knows(NodeLock node, ReadOnlySpan<byte> publicKey)
    {
        if (node.Boot.Record is not BootRecord record || !record.Knows(publicKey))
        {
            return false;
        }

        return node.Store is null
            ? !node.IsOpen
            : Read(node.Store, out List<byte[]> keys) is null && IndexOf(keys, publicKey) >= 0;
    }

    /// <summary>Notes an operator who has just opened the store.</summary>
    /// <returns>Null on success.</returns>
    public static StoreError? Remember(EncryptedStore store, ReadOnlySpan<byte> publicKey)
    {
        StoreError? error = Read(store, out List<byte[]> keys);
        int known = IndexOf(keys, publicKey);
        if (error is not null || (known >= 0 && known == keys.Count - 1))
        {
            return error;
        }

        if (known >= 0)
        {
            keys.RemoveAt(known);
        }
        else if (keys.Count == BootRecord.OperatorsMax)
        {
            keys.RemoveAt(0);
        }

        keys.Add(publicKey.ToArray());
        return store.PutSystem(RecordName, Encode(keys));
    }

    /// <summary>Forgets them all.</summary>
    /// <returns>Null on success.</returns>
    public static StoreError? Forget(EncryptedStore store)
    {
        StoreError? error = store.DeleteSystem(RecordName);
        return error is { Kind: StoreErrorKind.NotFound } ? null : error;
    }

    private static StoreError? Read(EncryptedStore store, out List<byte[]> keys)
    {
        keys = [];
        StoreError? error = store.GetSystem(RecordName, out byte[] bytes);
        if (error is not null)
        {
            return error.Kind == StoreErrorKind.NotFound ? null : error;
        }

        if (bytes.Length < HeaderLength
            || bytes[0] != Version
            || bytes[1] > BootRecord.OperatorsMax
            || bytes.Length != HeaderLength + (bytes[1] * BootRecord.KeyLength))
        {
            return new StoreError(
                StoreErrorKind.FromTheFuture, "the list of operators was written by another HaukiOS");
        }

        for (int i = 0; i < bytes[1]; i++)
        {
            keys.Add(bytes.AsSpan(HeaderLength + (i * BootRecord.KeyLength), BootRecord.KeyLength).ToArray());
        }

        return null;
    }

    private static byte[] Encode(List<byte[]> keys)
    {
        byte[] bytes = new byte[HeaderLength + (keys.Count * BootRecord.KeyLength)];
        bytes[0] = Version;
        bytes[1] = (byte)keys.Count;
        for (int i = 0; i < keys.Count; i++)
        {
            keys[i].CopyTo(bytes.AsSpan(HeaderLength + (i * BootRecord.KeyLength)));
        }

        return bytes;
    }

    private static int IndexOf(List<byte[]> keys, ReadOnlySpan<byte> publicKey)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            if (publicKey.SequenceEqual(keys[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
