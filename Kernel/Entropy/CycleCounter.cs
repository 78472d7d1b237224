namespace HaukiOS.Entropy;

/// <summary>The finest clock of the machine (TSC). Its lowest bits are where the unpredictability is.</summary>
public interface ICycleCounter
{
    /// <summary>Cycles since power-on, or since some other moment.</summary>
    ulong Read();
}
