using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Console;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Generators;

namespace HaukiOS.Conformance;

/// <summary>The lock's own parts: Argon2id against BouncyCastle, answers, keys, records, the generator.</summary>
public static class LockCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        foreach ((int kib, int passes, int lanes) in ((int, int, int)[])
            [(8, 1, 1), (9, 2, 1), (32, 3, 1), (100, 1, 1), (256, 2, 1), (64, 2, 2), (99, 3, 4), (700, 1, 1)])
        {
            suite.Add($"lock: Argon2id agrees with the library, {kib} KiB, {passes} passes, {lanes} lanes", () =>
                Argon2(new Argon2Cost(kib, passes, lanes)));
        }

        foreach (string answer in (string[])
            ["São Paulo", "STRASSE straße", "Łódź, Ærø & Œuvre!", "Ёлка", "ΆΓΓΕΛΟΣ", "東京 タワー。", "…", "Ｆｕｌｌ"])
        {
            suite.Add($"lock: the answer {Case.Escape(answer)} normalised", () => Normalised(answer));
        }

        for (int seed = 1; seed <= 4; seed++)
        {
            int fixedSeed = seed;
            suite.Add($"lock: random bytes normalised, {seed}", () => NormalisedBytes(fixedSeed));
            suite.Add($"lock: a recovery key on paper and back, {seed}", () => Recovery(fixedSeed));
            suite.Add($"lock: a record, its two slots and a flipped bit, {seed}", () => Record(fixedSeed));
            suite.Add($"lock: the pool's output for given samples, {seed}", () => Pool(fixedSeed));
            suite.Add($"lock: the line editor over random typing, {seed}", () => Editor(fixedSeed));
        }
    }

    private static string Argon2(Argon2Cost cost)
    {
        byte[] password = new CaseRandom(1).Bytes(20), salt = new CaseRandom(2).Bytes(16), tag = new byte[32];
        using (var memory = new ArrayBuffer(cost.WorkBytes))
        {
            new Argon2id(cost, memory).TryDerive(password, salt, tag);
        }

        var oracle = new Argon2BytesGenerator();
        oracle.Init(CastleInternals.Argon2id(salt, [], [], cost.Passes, cost.MemoryKib, cost.Lanes));
        byte[] expected = new byte[32];
        oracle.GenerateBytes(password, expected, 0, expected.Length);
        return $"{tag.AsSpan().SequenceEqual(expected)} {Hex.Format(tag)}";
    }

    private static string Normalised(string answer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(answer);
        int length = AnswerNormaliser.Normalise(bytes, bytes);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static string NormalisedBytes(int seed)
    {
        byte[] bytes = new CaseRandom((ulong)seed).Bytes(300);
        int length = AnswerNormaliser.Normalise(bytes, bytes);
        return Hex.Format(bytes.AsSpan(0, length));
    }

    private static string Recovery(int seed)
    {
        using var key = new SecretBytes(RecoveryKey.Length);
        using var back = new SecretBytes(RecoveryKey.Length);
        new CaseRandom((ulong)seed).Fill(key.Span);
        byte[] text = new byte[RecoveryKey.TextLength];
        RecoveryKey.Format(key.Span, text);
        bool read = RecoveryKey.TryParse(text, back) && back.Span.SequenceEqual(key.Span);
        string written = Encoding.UTF8.GetString(text);
        text[seed] = (byte)(text[seed] == '7' ? '8' : '7');
        return $"{written} {read} {RecoveryKey.TryParse(text, back)}";
    }

    private static string Record(int seed)
    {
        var random = new CaseRandom((ulong)seed);
        using var volume = new SecretBytes(32);
        using var answers = new SecretBytes(32);
        using var recovery = new SecretBytes(32);
        random.Fill(volume.Span);
        random.Fill(answers.Span);
        random.Fill(recovery.Span);
        List<Question> questions = [new(1, "One?"), new(2, "Två?"), new(3, "三?")];
        var record = new LockRecord(
            new Argon2Cost(65536, 3, 1),
            random.Bytes(LockRecord.SaltLength),
            random.Bytes(LockRecord.SaltLength),
            questions);
        KeySlots.Fill(record, volume, answers, recovery, random);
        byte[] bytes = record.Encode();
        bool whole = LockRecord.TryDecode(bytes, out LockRecord? read, out _);
        using SecretBytes? one = KeySlots.OpenWithAnswers(read!, answers);
        using SecretBytes? other = KeySlots.OpenWithRecoveryKey(read!, recovery);
        bytes[100 + seed] ^= 1;
        bool stillOpens = LockRecord.TryDecode(bytes, out read, out string? reason)
            && KeySlots.OpenWithAnswers(read!, answers) is not null;
        return $"{whole} {one is not null} {other is not null} {stillOpens} {reason} "
            + Hex.Format(bytes.AsSpan(bytes.Length - 40));
    }

    private static string Pool(int seed)
    {
        var pool = new EntropyPool(new CaseCounter((ulong)seed));
        int turns = 0;
        for (; turns < 100_000 && !pool.IsReady; turns++)
        {
            pool.NoteInterrupt();
            pool.OnPending(Instant.PowerOn);
        }

        byte[] output = new byte[48];
        pool.Fill(output);
        return $"{turns} {pool.Failures} {Hex.Format(output)}";
    }

    private static string Editor(int seed)
    {
        var editor = new LineEditor(new ConsoleOutput([]));
        var random = new CaseRandom((ulong)seed);
        var seen = new StringBuilder();
        for (int i = 0; i < 3000; i++)
        {
            LineEvent happened = editor.Take((byte)random.Next(random.Next(2) == 0 ? 128 : 256));
            if (happened != LineEvent.None)
            {
                seen.Append(happened == LineEvent.Complete ? 'c' : 'x').Append(editor.Line.Length).Append(' ');
                editor.Clear();
            }
        }

        return seen.ToString();
    }

    private sealed class CaseCounter(ulong seed) : ICycleCounter
    {
        private readonly CaseRandom random = new(seed);
        private ulong cycles;

        public ulong Read() => cycles += (ulong)(500 + random.Next(3000));
    }

    // Work memory out of the collector's heap: the cases need little, and run in any world.
    private sealed unsafe class ArrayBuffer : WorkBuffer
    {
        private readonly byte[] bytes;
        private readonly byte* address;

        public ArrayBuffer(long length)
        {
            const int alignment = 4096;
            bytes = GC.AllocateArray<byte>((int)length + alignment, pinned: true);
            Length = length;
            fixed (byte* first = bytes)
            {
                address = (byte*)(((nuint)first + alignment - 1) & ~(nuint)(alignment - 1));
            }
        }

        public override byte* Address => address;

        public override long Length { get; }

        public override void Dispose() => Array.Clear(bytes);
    }
}
