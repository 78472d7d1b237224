; The two ends of a move (Departure.cs, Landing.cs). Managed convention: arguments in ECX and EDX, the rest on the
; stack, taken off by the callee; result in EAX; EBX, ESI, EDI, EBP survive.
bits 32

global HaukiDepart, HaukiJumpStart, HaukiJumpEnd, HaukiJump, HaukiReadSelectors, HaukiSaveFpu

; CpuState.cs
STATE_EIP       equ 8
STATE_ESP       equ 12
STATE_EFLAGS    equ 16
STATE_EBX       equ 20
STATE_ESI       equ 24
STATE_EDI       equ 28
STATE_EBP       equ 32
STATE_CONTROL0  equ 36
STATE_CONTROL4  equ 40
STATE_SELECTORS equ 44
STATE_FPU       equ 64

; LandingRecord.cs: the state, then these.
RECORD_DIRECTORY equ 576 + 8
RECORD_NO_GATES  equ 576 + 44

section .text

; ECX = where the processor's state goes, EDX = top of a stack in the machine-local zone, [esp+4] = function without
; arguments to be called there. Gives 0 when the function has returned, with all registers as they were; the landing
; record on the other machine. After the state is saved nothing but the function writes to what travels.
HaukiDepart:
    pushfd
    pop dword [ecx + STATE_EFLAGS]
    mov dword [ecx + STATE_EIP], .landed
    mov [ecx + STATE_ESP], esp
    mov [ecx + STATE_EBX], ebx
    mov [ecx + STATE_ESI], esi
    mov [ecx + STATE_EDI], edi
    mov [ecx + STATE_EBP], ebp
    mov eax, cr0
    mov [ecx + STATE_CONTROL0], eax
    mov eax, cr4
    mov [ecx + STATE_CONTROL4], eax
    fxsave [ecx + STATE_FPU]
    fninit                          ; compiled code wants to find the x87 stack empty
    mov ebx, ecx
    mov eax, [esp + 4]
    mov esp, edx
    xor ebp, ebp                    ; the outermost frame
    call eax
    fxrstor [ebx + STATE_FPU]
    mov esp, [ebx + STATE_ESP]
    mov esi, [ebx + STATE_ESI]
    mov edi, [ebx + STATE_EDI]
    mov ebp, [ebx + STATE_EBP]
    mov ebx, [ebx + STATE_EBX]
    xor eax, eax
.landed:
    ret 4

; ECX = where CS, SS, DS, ES, FS, GS go, 16 bits each.
HaukiReadSelectors:
    mov [ecx], cs
    mov [ecx + 2], ss
    mov [ecx + 4], ds
    mov [ecx + 6], es
    mov [ecx + 8], fs
    mov [ecx + 10], gs
    ret

; ECX = 512 bytes on a multiple of 16.
HaukiSaveFpu:
    fxsave [ecx]
    ret

; ECX = the landing record, EDX = where the code below was copied to. Never returns.
HaukiJump:
    jmp edx

; Copied to a page of the machine-local zone, for the code here vanishes with CR3. ECX = the landing record, which both
; page directories show at its own address, like the page that this runs on. Interrupts are off. From CR3 on the gates
; would lead into another kernel's code: there are none until the node builds its own.
jump_start:
    cli
    cld
    clts
    mov eax, [ecx + RECORD_DIRECTORY]
    mov cr3, eax
    lidt [ecx + RECORD_NO_GATES]
    fxrstor [ecx + STATE_FPU]
    mov ebx, [ecx + STATE_EBX]
    mov esi, [ecx + STATE_ESI]
    mov edi, [ecx + STATE_EDI]
    mov ebp, [ecx + STATE_EBP]
    lea esp, [ecx + STATE_EFLAGS]
    popfd
    mov esp, [ecx + STATE_ESP]
    mov eax, ecx
    jmp [ecx + STATE_EIP]
jump_end:

HaukiJumpStart:
    mov eax, jump_start
    ret

HaukiJumpEnd:
    mov eax, jump_end
    ret
