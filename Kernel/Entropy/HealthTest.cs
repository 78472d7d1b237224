namespace HaukiOS.Entropy;

/// <summary>
/// The continuous health tests of NIST SP 800-90B, section 4.4, over one noise source whose samples are bytes:
/// repetition count (the source is stuck) and adaptive proportion (one value has become far too common). Both are
/// set for a false alarm once in 2^20 samples if the source gives at least half a bit of min-entropy a sample,
/// which is four times what the pool ever credits.
/// </summary>
public sealed class HealthTest
{
    /// <summary>Samples that must pass before the source counts at all (SP 800-90B, section 4.3).</summary>
    public const int StartupSamples = 1024;

    /// <summary>Equal samples in a row that mean "stuck": 1 + ceil(20 / 0.5).</summary>
    public const int RepetitionCutoff = 41;

    /// <summary>Samples in one window of the adaptive proportion test.</summary>
    public const int Window = 512;

    /// <summary>
    /// This many of the window's first value fail: the smallest c with P(Binomial(512, 2^-0.5) >= c) at most 2^-20.
    /// </summary>
    public const int ProportionCutoff = 410;

    private int passed;
    private byte last;
    private int repetitions;
    private byte windowValue;
    private int windowPosition;
    private int windowHits;

    /// <summary>Has the source passed its start-up test, and not failed since?</summary>
    public bool IsTrusted => passed >= StartupSamples;

    /// <summary>Good samples since the start or the last failure, at most <see cref="StartupSamples"/>.</summary>
    public int Passed => passed;

    /// <summary>Failures since power-on.</summary>
    public int Failures { get; private set; }

    /// <summary>Takes one sample.</summary>
    /// <returns>False if a test failed; the source then starts over.</returns>
    public bool Take(byte sample)
    {
        if (!PassesRepetition(sample) || !PassesProportion(sample))
        {
            Failures++;
            passed = 0;
            repetitions = 0;
            windowPosition = 0;
            return false;
        }

        if (passed < StartupSamples)
        {
            passed++;
        }

        return true;
    }

    private bool PassesRepetition(byte sample)
    {
        repetitions = repetitions > 0 && sample == last ? repetitions + 1 : 1;
        last = sample;
        return repetitions < RepetitionCutoff;
    }

    private bool PassesProportion(byte sample)
    {
        if (windowPosition == 0)
        {
            windowValue = sample;
            windowHits = 0;
        }

        if (sample == windowValue)
        {
            windowHits++;
        }

        windowPosition = (windowPosition + 1) % Window;
        return windowHits < ProportionCutoff;
    }
}
