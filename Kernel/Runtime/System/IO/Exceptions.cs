namespace System.IO;

/// <summary>Input or output failed.</summary>
public class IOException : SystemException
{
    public IOException()
        : base("I/O error occurred.")
    {
    }

    public IOException(string? message)
        : base(message)
    {
    }

    public IOException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>There was less than expected.</summary>
public class EndOfStreamException : IOException
{
    public EndOfStreamException()
        : base("Attempted to read past the end of the stream.")
    {
    }

    public EndOfStreamException(string? message)
        : base(message)
    {
    }
}

/// <summary>What was read makes no sense.</summary>
public sealed class InvalidDataException : SystemException
{
    public InvalidDataException()
        : base("Found invalid data while decoding.")
    {
    }

    public InvalidDataException(string? message)
        : base(message)
    {
    }

    public InvalidDataException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
