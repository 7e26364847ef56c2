package s3

import (
	"slices"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/s3err"
)

// accounts are the root's, who may do everything, and those of Config, who may
// do what a bucket's policy says.
type accounts struct {
	auth.IAMService // of the root alone
	names           []string
}

// GetUserAccount implements [auth.IAMService]. An account's secret is its name.
func (a *accounts) GetUserAccount(access string) (auth.Account, error) {
	if slices.Contains(a.names, access) {
		return auth.Account{Access: access, Secret: access, Role: auth.RoleUser}, nil
	}
	return a.IAMService.GetUserAccount(access)
}

// ResolveAccounts implements [auth.IAMService]: it returns those that are not there.
func (a *accounts) ResolveAccounts(names []string) (unknown []string, err error) {
	for _, name := range names {
		if _, err := a.GetUserAccount(name); err == s3err.GetAPIError(s3err.ErrAdminUserNotFound) {
			unknown = append(unknown, name)
		} else if err != nil {
			return nil, err
		}
	}
	return unknown, nil
}
