namespace System;

/// <summary>
/// Pseudo-random numbers from a seed: the subtractive generator of Knuth (The Art of Computer Programming, volume 2,
/// section 3.2.2), with the constants .NET documents, so that a seed means the same numbers as on the host. Never for
/// secrets.
/// </summary>
public class Random
{
    private const int SeedConstant = 161_803_398;

    private readonly int[] state = new int[56];
    private int first;
    private int second = 21;

    /// <summary>A fixed seed: this machine has no chance to spare for what needs none.</summary>
    public Random()
        : this(SeedConstant)
    {
    }

    public Random(int Seed)
    {
        int magnitude = Seed == int.MinValue ? int.MaxValue : Math.Abs(Seed);
        int last = SeedConstant - magnitude;
        state[55] = last;
        int next = 1;
        for (int i = 1; i < 55; i++)
        {
            int place = 21 * i % 55;
            state[place] = next;
            next = last - next;
            next += next < 0 ? int.MaxValue : 0;
            last = state[place];
        }

        for (int round = 0; round < 4; round++)
        {
            for (int i = 1; i < 56; i++)
            {
                int other = i + 30;
                state[i] -= state[1 + (other >= 55 ? other - 55 : other)];
                state[i] += state[i] < 0 ? int.MaxValue : 0;
            }
        }
    }

    public static Random Shared { get; } = new();

    public virtual int Next() => InternalSample();

    public virtual int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)(Sample() * maxValue);
    }

    public virtual int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        long range = (long)maxValue - minValue;
        return range <= int.MaxValue
            ? (int)(Sample() * range) + minValue
            : (int)((long)(SampleForLargeRange() * range) + minValue);
    }

    public virtual double NextDouble() => Sample();

    public virtual void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    public virtual void NextBytes(Span<byte> buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)InternalSample();
        }
    }

    public void Shuffle<T>(T[] values) => Shuffle(values.AsSpan());

    public void Shuffle<T>(Span<T> values)
    {
        for (int i = 0; i < values.Length - 1; i++)
        {
            int j = Next(i, values.Length);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    protected virtual double Sample() => InternalSample() * (1.0 / int.MaxValue);

    private int InternalSample()
    {
        first = first + 1 >= 56 ? 1 : first + 1;
        second = second + 1 >= 56 ? 1 : second + 1;
        int sample = state[first] - state[second];
        sample -= sample == int.MaxValue ? 1 : 0;
        sample += sample < 0 ? int.MaxValue : 0;
        state[first] = sample;
        return sample;
    }

    private double SampleForLargeRange()
    {
        int sample = InternalSample();
        double signed = InternalSample() % 2 == 0 ? -sample : sample;
        return (signed + (int.MaxValue - 1)) / ((2 * (uint)int.MaxValue) - 1);
    }
}
