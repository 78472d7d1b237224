using System;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Lock;

/// <summary>Puts the volume key into the two slots of a record, and takes it out again.</summary>
public static class KeySlots
{
    /// <summary>Wraps the volume key under the key derived from the answers, and under the recovery key.</summary>
    public static void Fill(
        LockRecord record, SecretBytes volumeKey, SecretBytes answersKey, SecretBytes recoveryKey, IRandomSource random)
    {
        byte[] context = record.Context();
        Span<byte> nonce = stackalloc byte[KeyWrap.NonceLength];
        random.Fill(nonce);
        record.UnderAnswers = KeyWrap.Wrap(volumeKey, answersKey, nonce, context);
        random.Fill(nonce);
        using SecretBytes wrapping = RecoveryWrappingKey(record, recoveryKey);
        record.UnderRecovery = KeyWrap.Wrap(volumeKey, wrapping, nonce, context);
    }

    /// <summary>Opens the slot of the answers.</summary>
    /// <returns>The volume key, which the caller disposes; null if the answers are wrong.</returns>
    public static SecretBytes? OpenWithAnswers(LockRecord record, SecretBytes answersKey) =>
        Open(record.UnderAnswers, answersKey, record);

    /// <summary>Opens the slot of the recovery key.</summary>
    /// <returns>The volume key, which the caller disposes; null if it is another lock's recovery key.</returns>
    public static SecretBytes? OpenWithRecoveryKey(LockRecord record, SecretBytes recoveryKey)
    {
        using SecretBytes wrapping = RecoveryWrappingKey(record, recoveryKey);
        return Open(record.UnderRecovery, wrapping, record);
    }

    private static SecretBytes? Open(byte[] slot, SecretBytes wrapping, LockRecord record)
    {
        var volumeKey = new SecretBytes(KeyWrap.KeyLength);
        if (KeyWrap.TryUnwrap(slot, wrapping, record.Context(), volumeKey))
        {
            return volumeKey;
        }

        volumeKey.Dispose();
        return null;
    }

    // 256 random bits need no slow derivation; the salt keeps the two uses of them apart.
    private static SecretBytes RecoveryWrappingKey(LockRecord record, SecretBytes recoveryKey)
    {
        var wrapping = new SecretBytes(KeyWrap.KeyLength);
        var digest = new Blake2bDigest(KeyWrap.KeyLength * 8);
        digest.BlockUpdate("hauki recovery slot 1"u8);
        digest.BlockUpdate(record.RecoverySalt);
        digest.BlockUpdate(recoveryKey.Span);
        digest.DoFinal(wrapping.Span);
        return wrapping;
    }
}
