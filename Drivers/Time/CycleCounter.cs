namespace HaukiOS.Drivers.Time;

/// <summary>A counter that goes up with the processor's clock and never back: the time-stamp counter.</summary>
public interface ICycleCounter
{
    /// <summary>Cycles since some moment in the past.</summary>
    ulong Read();
}
