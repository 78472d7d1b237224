using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Lock;

[TestFixture]
public sealed class LockRecordTests
{
    [Test]
    public void A_record_survives_the_disk()
    {
        LockRecord record = Filled(out _, out _, out _);
        Assert.That(LockRecord.TryDecode(record.Encode(), out LockRecord? read, out string? reason), Is.True, reason);
        Assert.That(read!.Encode(), Is.EqualTo(record.Encode()));
        Assert.That(read.Questions, Is.EqualTo(record.Questions));
        Assert.That(read.Cost, Is.EqualTo(record.Cost));
    }

    [Test]
    public void Both_slots_give_the_volume_key_and_no_other_key_does()
    {
        LockRecord record = Filled(out SecretBytes volume, out SecretBytes answers, out SecretBytes recovery);
        using SecretBytes? one = KeySlots.OpenWithAnswers(record, answers);
        using SecretBytes? other = KeySlots.OpenWithRecoveryKey(record, recovery);
        Assert.That(one!.Span.SequenceEqual(volume.Span));
        Assert.That(other!.Span.SequenceEqual(volume.Span));
        Assert.That(KeySlots.OpenWithAnswers(record, recovery), Is.Null);
        Assert.That(KeySlots.OpenWithRecoveryKey(record, answers), Is.Null);
    }

    [Test]
    public void No_bit_of_the_record_can_be_flipped_unnoticed()
    {
        LockRecord record = Filled(out _, out SecretBytes answers, out SecretBytes recovery);
        byte[] bytes = record.Encode();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (!LockRecord.TryDecode(changed, out LockRecord? read, out _))
            {
                continue;
            }

            bool answersOpen = KeySlots.OpenWithAnswers(read!, answers) is not null;
            bool recoveryOpens = KeySlots.OpenWithRecoveryKey(read!, recovery) is not null;
            bool inAnswers = bit / 8 >= bytes.Length - (2 * KeyWrap.WrappedLength);
            bool inRecovery = bit / 8 >= bytes.Length - KeyWrap.WrappedLength;
            Assert.That(answersOpen, Is.EqualTo(inRecovery), $"bit {bit}");
            Assert.That(recoveryOpens, Is.EqualTo(inAnswers && !inRecovery), $"bit {bit}");
        }
    }

    [Test]
    public void Every_shortened_record_is_refused()
    {
        byte[] bytes = Filled(out _, out _, out _).Encode();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(LockRecord.TryDecode(bytes.AsSpan(0, length), out _, out string? reason), Is.False);
            Assert.That(reason, Is.Not.Empty);
        }
    }

    [Test]
    public void Whatever_decodes_encodes_to_the_same_bytes([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        byte[] bytes = Filled(out _, out _, out _).Encode();
        for (int round = 0; round < 200; round++)
        {
            byte[] changed = (byte[])bytes.Clone();
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            if (LockRecord.TryDecode(changed, out LockRecord? read, out _))
            {
                Assert.That(read!.Encode(), Is.EqualTo(changed), $"seed {seed}, round {round}");
            }
        }
    }

    [Test]
    public void Random_bytes_are_no_record([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[random.Next(LockRecord.LengthMax + 100)];
        random.NextBytes(bytes);
        Assert.That(LockRecord.TryDecode(bytes, out _, out _), Is.False);
    }

    [Test]
    public void A_newer_format_is_named_as_such()
    {
        byte[] bytes = Filled(out _, out _, out _).Encode();
        bytes[4] = 2;
        Assert.That(LockRecord.TryDecode(bytes, out _, out string? reason), Is.False);
        Assert.That(reason, Does.Contain("newer"));
    }

    [Test]
    public void The_order_and_borders_of_answers_matter()
    {
        Question[] two = [new(1, "a"), new(2, "b")];
        Assert.That(Combined(two, "ab", "cde"), Is.Not.EqualTo(Combined(two, "abc", "de")));
        Assert.That(Combined(two, "ab", "cde"), Is.Not.EqualTo(Combined(two, "cde", "ab")));
        Assert.That(Combined(two, "ab", "cde"), Is.EqualTo(Combined(two, " A B", "C-d-E")));
    }

    [Test]
    public void Delays_double_up_to_an_hour()
    {
        int[] expected = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600];
        for (int failed = 0; failed < expected.Length; failed++)
        {
            Assert.That(AttemptCounter.DelayAfter(failed), Is.EqualTo(expected[failed]), $"{failed}");
        }

        Assert.That(AttemptCounter.DelayAfter(int.MaxValue), Is.EqualTo(3600));
    }

    [TestCase(50_000_000, 21)]
    [TestCase(450_000_000, 4)]
    [TestCase(3_000_000_000, 3)]
    [TestCase(1, 1000)]
    public void Calibration_reaches_a_second(long trial, int passes) =>
        Assert.That(Calibration.Choose(65536, trial), Is.EqualTo(new Argon2Cost(65536, passes, 1)));

    [Test]
    public void A_recovery_key_survives_paper_and_one_slip_is_noticed([Range(1, 20)] int seed)
    {
        using var key = new SecretBytes(RecoveryKey.Length);
        using var read = new SecretBytes(RecoveryKey.Length);
        var random = new Random(seed);
        random.NextBytes(key.Span);
        byte[] text = new byte[RecoveryKey.TextLength];
        RecoveryKey.Format(key.Span, text);
        Assert.That(RecoveryKey.TryParse(text, read), Is.True);
        Assert.That(read.Span.SequenceEqual(key.Span));
        for (int i = 0; i < text.Length; i++)
        {
            byte[] slip = (byte[])text.Clone();
            slip[i] = (byte)(slip[i] == '7' ? '9' : slip[i] == '-' ? 'Z' : '7');
            Assert.That(RecoveryKey.TryParse(slip, read), Is.False, $"seed {seed}, character {i}");
        }

        Assert.That(RecoveryKey.TryParse(text.AsSpan(0, text.Length - 1), read), Is.False);
        Assert.That(RecoveryKey.TryParse([], read), Is.False);
    }

    private static byte[] Combined(Question[] questions, params string[] typed)
    {
        using var answers = new LockAnswers(typed.Length);
        for (int i = 0; i < typed.Length; i++)
        {
            answers.Set(i, System.Text.Encoding.UTF8.GetBytes(typed[i]));
        }

        using SecretBytes combined = answers.Combine(questions);
        return combined.Span.ToArray();
    }

    private static LockRecord Filled(out SecretBytes volume, out SecretBytes answers, out SecretBytes recovery)
    {
        var random = new SeededSource(5);
        volume = new SecretBytes(32);
        answers = new SecretBytes(32);
        recovery = new SecretBytes(32);
        random.Fill(volume.Span);
        random.Fill(answers.Span);
        random.Fill(recovery.Span);
        byte[] one = new byte[LockRecord.SaltLength], two = new byte[LockRecord.SaltLength];
        random.Fill(one);
        random.Fill(two);
        List<Question> questions = [new(1, "Where?"), new(2, "Wann war es schön?"), new(7, "誰?")];
        var record = new LockRecord(new Argon2Cost(65536, 3, 1), one, two, questions);
        KeySlots.Fill(record, volume, answers, recovery, random);
        return record;
    }

    private sealed class SeededSource(int seed) : IRandomSource
    {
        private readonly Random random = new(seed);

        public void Fill(Span<byte> into) => random.NextBytes(into);
    }
}
