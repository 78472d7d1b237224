namespace System.Threading;

/// <summary>Who may make a lazy value. There is one thread: it makes no difference.</summary>
public enum LazyThreadSafetyMode
{
    None = 0,
    PublicationOnly = 1,
    ExecutionAndPublication = 2,
}
