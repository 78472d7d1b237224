using System;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Entropy;

[TestFixture]
public sealed class EntropyTests
{
    [Test]
    public void A_stuck_source_fails_the_repetition_test_at_the_cutoff()
    {
        var test = new HealthTest();
        for (int i = 1; i < HealthTest.RepetitionCutoff; i++)
        {
            Assert.That(test.Take(9), Is.True, $"sample {i}");
        }

        Assert.That(test.Take(9), Is.False);
        Assert.That(test.Failures, Is.EqualTo(1));
        Assert.That(test.Passed, Is.Zero);
    }

    [Test]
    public void A_value_far_too_common_fails_the_proportion_test()
    {
        var test = new HealthTest();
        bool failed = false;
        for (int i = 0; i < HealthTest.Window * 2; i++)
        {
            // Eight times out of nine the same, but never forty times in a row.
            failed |= !test.Take((byte)(i % 9 == 8 ? i : 0));
        }

        Assert.That(failed, Is.True);
    }

    [Test]
    public void A_good_source_is_trusted_after_the_start_up_test()
    {
        var test = new HealthTest();
        var random = new Random(1);
        for (int i = 0; i < 1_000_000; i++)
        {
            Assert.That(test.IsTrusted, Is.EqualTo(i >= HealthTest.StartupSamples));
            Assert.That(test.Take((byte)random.Next(256)), Is.True);
        }
    }

    [Test]
    public void Keys_are_refused_until_both_sources_have_delivered()
    {
        var cycles = new NoisyCounter(1);
        var pool = new EntropyPool(cycles);
        for (int turn = 0; turn < 1000; turn++)
        {
            pool.OnPending(Instant.PowerOn);
        }

        Assert.That(pool.IsReady, Is.False, "jitter alone never suffices");
        Assert.That(pool.CreditedBits, Is.EqualTo(EntropyPool.JitterBitsMax));
        Assert.That(pool.Percent, Is.InRange(1, 99));
        Assert.Throws<InvalidOperationException>(() => pool.Fill(new byte[1]));
        for (int i = 0; i < HealthTest.StartupSamples; i++)
        {
            pool.NoteInterrupt();
            if (i % 100 == 99)
            {
                pool.OnPending(Instant.PowerOn);
            }
        }

        pool.OnPending(Instant.PowerOn);
        Assert.That(pool.IsReady, Is.True);
        byte[] one = new byte[100], two = new byte[100];
        pool.Fill(one);
        pool.Fill(two);
        Assert.That(one, Is.Not.EqualTo(two));
    }

    [Test]
    public void A_counter_that_ticks_like_clockwork_never_makes_keys()
    {
        var pool = new EntropyPool(new SteadyCounter());
        for (int i = 0; i < 20_000; i++)
        {
            pool.NoteInterrupt();
            pool.OnPending(Instant.PowerOn);
        }

        Assert.That(pool.IsReady, Is.False);
        Assert.That(pool.CreditedBits, Is.Zero);
        Assert.That(pool.Failures, Is.GreaterThan(10));
    }

    [Test]
    public void The_same_samples_give_the_same_bytes_and_others_give_others()
    {
        Assert.That(Output(3), Is.EqualTo(Output(3)));
        Assert.That(Output(3), Is.Not.EqualTo(Output(4)));
    }

    [Test]
    public void Distrust_takes_the_readiness_back()
    {
        EntropyPool pool = Ready(5, out NoisyCounter cycles);
        pool.Distrust();
        Assert.That(pool.IsReady, Is.False);
        Feed(pool, cycles);
        Assert.That(pool.IsReady, Is.True);
    }

    [Test]
    public void Mixing_in_a_seed_changes_the_bytes_and_credits_nothing()
    {
        EntropyPool one = Ready(6, out _), two = Ready(6, out _);
        two.Mix("a seed"u8);
        byte[] a = new byte[32], b = new byte[32];
        one.Fill(a);
        two.Fill(b);
        Assert.That(a, Is.Not.EqualTo(b));
        var fresh = new EntropyPool(new NoisyCounter(1));
        fresh.Mix(new byte[1000]);
        Assert.That(fresh.CreditedBits, Is.Zero);
    }

    [Test]
    public void The_generator_forgets_its_key_with_every_answer()
    {
        using var generator = new KeyErasureGenerator();
        generator.Reseed("seed"u8);
        byte[] long1 = new byte[1000], first = new byte[1000];
        generator.Fill(first);
        generator.Fill(long1);
        Assert.That(first, Is.Not.EqualTo(long1));
        int ones = 0;
        foreach (byte value in long1)
        {
            ones += int.PopCount(value);
        }

        Assert.That(ones, Is.InRange(3700, 4300), "half of 8000 bits, give or take");
    }

    [Test]
    public void A_full_ring_drops_and_goes_on()
    {
        var pool = new EntropyPool(new NoisyCounter(1));
        for (int i = 0; i < 10 * EntropyPool.RingLength; i++)
        {
            pool.NoteInterrupt();
        }

        pool.OnPending(Instant.PowerOn);
        Assert.That(pool.Failures, Is.Zero);
    }

    private static byte[] Output(int seed)
    {
        byte[] bytes = new byte[64];
        Ready(seed, out _).Fill(bytes);
        return bytes;
    }

    private static EntropyPool Ready(int seed, out NoisyCounter cycles)
    {
        cycles = new NoisyCounter(seed);
        var pool = new EntropyPool(cycles);
        Feed(pool, cycles);
        return pool;
    }

    private static void Feed(EntropyPool pool, NoisyCounter cycles)
    {
        for (int i = 0; i < 100_000 && !pool.IsReady; i++)
        {
            pool.NoteInterrupt(cycles.Read());
            pool.OnPending(Instant.PowerOn);
        }
    }

    private sealed class NoisyCounter(int seed) : ICycleCounter
    {
        private readonly Random random = new(seed);
        private ulong cycles;

        public ulong Read() => cycles += (ulong)random.Next(500, 3000);
    }

    private sealed class SteadyCounter : ICycleCounter
    {
        private ulong cycles;

        public ulong Read() => cycles += 1000;
    }
}
