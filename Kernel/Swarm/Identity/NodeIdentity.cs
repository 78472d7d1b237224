using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using HaukiOS.Store;

namespace HaukiOS.Swarm;

/// <summary>
/// Who this node is: a static key pair that lies in the encrypted store, made when the store is first opened, at
/// enrolment. The record is a version and the private key.
/// </summary>
public static class NodeIdentity
{
    private const string RecordName = "node key";
    private const byte Version = 1;
    private const int RecordLength = 1 + KeyPair.KeyLength;

    /// <summary>Reads the node's key pair, or makes it if there never was one.</summary>
    /// <param name="store">The open store.</param>
    /// <param name="random">For a new pair.</param>
    /// <param name="identity">The pair, the caller's to dispose of; null on failure.</param>
    /// <returns>Null on success. A damaged record is an error and is not replaced.</returns>
    public static StoreError? LoadOrCreate(EncryptedStore store, IRandomSource random, out KeyPair? identity)
    {
        identity = null;
        StoreError? error = store.GetSystem(RecordName, out byte[] record);
        if (error is null)
        {
            if (record.Length == RecordLength && record[0] == Version)
            {
                identity = new KeyPair(record.AsSpan(1));
            }

            CryptographicOperations.ZeroMemory(record);
            return identity is null
                ? new StoreError(StoreErrorKind.FromTheFuture, "the node's key was written by another HaukiOS")
                : null;
        }

        return error.Kind == StoreErrorKind.NotFound ? Create(store, random, out identity) : error;
    }

    private static StoreError? Create(EncryptedStore store, IRandomSource random, out KeyPair? identity)
    {
        KeyPair made = KeyPair.Generate(random);
        using var record = new SecretBytes(RecordLength);
        record.Span[0] = Version;
        made.PrivateKey.CopyTo(record.Span.Slice(1));
        StoreError? error = store.PutSystem(RecordName, record.Span);
        if (error is not null)
        {
            made.Dispose();
        }

        identity = error is null ? made : null;
        return error;
    }
}
