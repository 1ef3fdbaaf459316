use tonic::{Code, Status};

/// Why a connection to Shoal ended, or could not be made.
#[derive(Debug)]
pub struct End {
    pub reason: String,
    /// No later attempt can succeed.
    pub is_final: bool,
}

impl End {
    pub fn worth_another_try(reason: impl Into<String>) -> End {
        End { reason: reason.into(), is_final: false }
    }

    /// Of a call that ended with this status.
    pub fn of(call: &str, status: &Status) -> End {
        let reason = format!("{call} ended {}", describe(status));
        End { reason, is_final: is_final(status.code()) }
    }
}

/// Whether a refusal will be the same however often it is tried; everything else is worth another attempt.
pub fn is_final(code: Code) -> bool {
    matches!(
        code,
        Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::PermissionDenied
            | Code::Unauthenticated
            | Code::Unimplemented
    )
}

fn describe(status: &Status) -> String {
    if status.message().is_empty() {
        format!("{:?}", status.code())
    } else {
        format!("{:?}: {}", status.code(), status.message())
    }
}
