namespace Internal.Runtime;

/// <summary>
/// The end of the road inside the runtime: a state that no exception can describe. The machine layer installs its
/// panic here before the runtime starts.
/// </summary>
public static unsafe class FatalError
{
    /// <summary>Prints the sentence with the stack and stops the machine. Must not return.</summary>
    public static delegate*<string, void> Handler;

    /// <summary>Stops the machine with a sentence that a person can search for.</summary>
    public static void Fail(string sentence)
    {
        if (Handler != null)
            Handler(sentence);
        // Nobody to tell, or the panic came back: going on would only destroy evidence.
        while (true)
        {
        }
    }
}
