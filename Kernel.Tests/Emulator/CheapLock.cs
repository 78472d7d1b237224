using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using HaukiOS.Tests.Unit.Lock;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// Makes the answers of an enrolled disk cheap to try. A lock made by the kernel costs every opening a second and more,
/// on any machine, and dozens of tests open one that is not their subject.
/// </summary>
internal static class CheapLock
{
    private static readonly Argon2Cost Cost = new(Calibration.LeastKib, Calibration.LeastPasses, 1);

    /// <summary>Rewrites the lock record of an image; volume key, answers and recovery key stay.</summary>
    public static void Apply(string image, string recoveryKey, Dictionary<string, string> answers)
    {
        byte[] headers = new byte[VolumeLayout.HeaderSectors * IBlockDevice.SectorSize];
        using FileStream file = new(image, FileMode.Open);
        file.ReadExactly(headers);
        MirroredRecord place = MirroredRecord.ForLock(SimulatedDisk.FromImage(headers));
        Assert.That(LockRecord.TryDecode(place.Read().Content, out LockRecord? made, out string? reason), reason);

        using SecretBytes recovery = new(KeyWrap.KeyLength);
        Assert.That(RecoveryKey.TryParse(Encoding.ASCII.GetBytes(recoveryKey), recovery), recoveryKey);
        using SecretBytes volumeKey = KeySlots.OpenWithRecoveryKey(made!, recovery)!;
        SeededRandomSource random = new(Environment.TickCount);
        byte[] salt = new byte[LockRecord.SaltLength];
        random.Fill(salt);
        LockRecord cheap = new(Cost, salt, made!.RecoverySalt, made.Questions);
        using SecretBytes key = Derive(cheap, answers);
        KeySlots.Fill(cheap, volumeKey, key, recovery, random);
        Assert.That(place.WriteBoth(cheap.Encode()), Is.Null);

        file.Position = 0;
        file.Write(headers);
    }

    private static SecretBytes Derive(LockRecord record, Dictionary<string, string> answers)
    {
        using LockAnswers given = new(record.Questions.Count);
        for (int i = 0; i < record.Questions.Count; i++)
        {
            given.Set(i, Encoding.UTF8.GetBytes(answers[record.Questions[i].Text]));
        }

        using SecretBytes password = given.Combine(record.Questions.ToArray());
        using WorkBuffer memory = new HostWorkMemory(long.MaxValue).Rent(record.Cost.WorkBytes);
        SecretBytes key = new(KeyWrap.KeyLength);
        Assert.That(new Argon2id(record.Cost, memory).TryDerive(password.Span, record.AnswerSalt, key.Span));
        return key;
    }
}
